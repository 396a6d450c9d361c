// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Processes
import Terminal
import Values

/// `iflearnerjob describe`, in the layout of the other descriptions.
struct IflearnerJobDescription {
    private let inspection: JobInspection
    private let now: Timestamp

    init(_ inspection: JobInspection, now: Timestamp) {
        self.inspection = inspection
        self.now = now
    }

    private var overview: JobOverview { inspection.overview }
    private var job: IflearnerJob { overview.job }
    var name: String { job.key.name }

    var lines: [String] {
        var fields = Fields()
        fields.add("Name", name)
        fields.add("NameSpace", job.key.namespace)
        fields.add("UID", job.uid)
        if let identity = TaskIdentity(job) {
            fields.add("Task", identity.task)
            if let party = identity.party { fields.add("Party", party) }
        }
        fields.add("Role", job.roleText)
        fields.add("Host", job.host)
        fields.add("Phase", overview.phaseText)
        if let trouble = overview.trouble {
            fields.add("Reason", trouble.reason)
            if !trouble.message.isEmpty { fields.add("Message", trouble.message) }
        }
        fields.add("Age", job.created.map { (now - $0).age } ?? "")
        if let pod = inspection.pod { fields.add("Pod", pod.name + (overview.node.map { " on \($0)" } ?? "")) }
        addTraining(to: &fields)
        if !job.object.conditions.isEmpty { fields.add("Conditions", conditions) }
        fields.add("Children", children)
        if !inspection.changes.isEmpty { fields.add("Changes", inspection.changes.map { "- \($0)" }) }
        fields.add("Events", events)
        fields.add("Next", next)
        return fields.lines
    }

    private func addTraining(to fields: inout Fields) {
        if let silence = overview.silence { fields.add("Aggregator", silence) }
        guard let training = overview.training else { return }
        let progress = training.progress
        fields.add("Epoch", progress.epochText)
        if let time = training.lastChangeTime { fields.add("LastChange", "\((now - time).age) ago, \(time.text)") }
        let table = TextTable(
            ["PARTY", "READY", "COMPLETE", "EPOCH"],
            progress.parties.map {
                [$0.name, $0.isReady ? "yes" : "no", $0.isComplete ? "yes" : "no", String($0.epoch)]
            })
        let missing = progress.missingCount
        fields.add(
            "Parties",
            ["\(progress.partiesText) ready"] + (progress.parties.isEmpty ? [] : table.lines)
                + (missing > 0 ? ["\(missing) of \(progress.partyCount) have not registered"] : []))
    }

    private var conditions: [String] {
        let conditions = job.object.conditions
        return TextTable(
            ["TYPE", "STATUS", "SINCE", "REASON", "MESSAGE"],
            conditions.map { condition in
                let since = condition.lastTransitionTime.flatMap { Timestamp(rfc3339: $0) }
                return [
                    condition.type, condition.status.rawValue, since.map { (now - $0).age } ?? "", condition.reason,
                    condition.message,
                ]
            }
        ).lines
    }

    private var children: [String] {
        TextTable(
            ["KIND", "STATE", "PROBLEM"],
            inspection.children.map { [$0.kind.kind, $0.state.rawValue, $0.problem] }
        ).lines
    }

    private var events: [String] {
        guard !inspection.events.isEmpty else { return ["none"] }
        return TextTable(
            ["LAST", "TYPE", "REASON", "OBJECT", "MESSAGE"],
            inspection.events.suffix(20).map { event in
                let times = event.count > 1 ? " (x\(event.count))" : ""
                return [
                    (event.time.map { (now - $0).age } ?? "") + times, event.type, event.reason, event.kind,
                    event.message,
                ]
            }
        ).lines
    }

    /// The next command to run.
    private var next: String {
        let target = "\(name) -n \(job.key.namespace)"
        let pod = inspection.children.first { $0.kind == .pod }?.state
        if job.isBeingDeleted { return "iflearnerctl ij delete \(target) --wait" }
        if job.phase.isEmpty, pod == .missing {
            return "kubectl get pods -A -l control-plane=controller-manager, for no operator has taken it up"
        }
        if pod == .foreign { return "kubectl get pod \(target) -o yaml, for it is in the way" }
        if job.phase == "Failed", pod != .missing { return "iflearnerctl ij logs \(target)" }
        if overview.isStalled == true { return "iflearnerctl ij logs \(target) --tail 50" }
        if job.isOver || overview.isCompleted == true { return "iflearnerctl ij delete \(target)" }
        if job.isRunning { return "iflearnerctl ij watch \(target)" }
        return "kubectl describe pod \(target)"
    }

    /// The documented JSON: that of the list, with `children`, `changes` and `events`.
    var json: Value {
        var value = overview.value
        value["children"] = .array(
            inspection.children.map {
                [
                    "kind": .string($0.kind.kind), "state": .string($0.state.rawValue), "problem": .string($0.problem),
                ]
            })
        value["changes"] = .array(inspection.changes.map(Value.string))
        value["events"] = .array(
            inspection.events.map { event in
                var fields: Mapping = [
                    "type": .string(event.type), "reason": .string(event.reason), "kind": .string(event.kind),
                    "message": .string(event.message), "count": .int(event.count),
                ]
                fields["time"] = event.time.map { .string($0.rfc3339) }
                return .mapping(fields)
            })
        return value
    }
}
