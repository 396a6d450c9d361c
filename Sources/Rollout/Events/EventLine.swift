// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes
public import Values
import Records

/// An event with its place in the job: one line of `-o json` and of the job's log.
public struct EventLine: Sendable, Hashable {
    /// When it happened.
    public var time: Timestamp
    /// Its number in this process, from 1.
    public var sequence: Int
    /// The job's id; empty while there is none yet.
    public var job: String
    /// Where: `<namespace>/<deployment>`.
    public var target: String
    /// What happened.
    public var event: RolloutEvent

    /// Places an event.
    public init(time: Timestamp, sequence: Int, job: String, target: String, event: RolloutEvent) {
        self.time = time
        self.sequence = sequence
        self.job = job
        self.target = target
        self.event = event
    }

    /// The documented JSON: `version ts seq job target type`, and as far as the type has them `component object action
    /// state reason message code attempt done total counts causes retained`.
    public var json: Value {
        var fields: Mapping = [
            "version": 1, "ts": .string(time.rfc3339Micro), "seq": .int(Int64(sequence)), "job": .string(job),
            "target": .string(target),
        ]
        switch event {
        case .plan(let summary):
            fields["type"] = "plan"
            fields["counts"] = [
                "create": .int(Int64(summary.created)), "update": .int(Int64(summary.updated)),
                "unchanged": .int(Int64(summary.unchanged)), "delete": .int(Int64(summary.pruned)),
                "shared": .int(Int64(summary.shared)), "refused": .int(Int64(summary.refused)),
            ]
            fields["message"] = .string(summary.text)
        case .action(let component, let object, let action, let failure):
            fields["type"] = "action"
            fields["component"] = .string(component)
            fields["object"] = .string(object)
            fields["action"] = .string(action.rawValue)
            fields["state"] = failure == nil ? "Done" : "Failed"
            if let failure { fields["message"] = .string(failure) }
        case .component(let name, let status, let done, let total, let reasons):
            fields["type"] = "component"
            fields["component"] = .string(name)
            fields["state"] = .string(status.rawValue)
            fields["done"] = .int(Int64(done))
            fields["total"] = .int(Int64(total))
            if !reasons.isEmpty { fields["message"] = .string(reasons.joined(separator: "; ")) }
        case .readiness(let component, let object, let verdict, let reason, let message):
            fields["type"] = "readiness"
            fields["component"] = .string(component)
            fields["object"] = .string(object)
            fields["state"] = .string(verdict.rawValue)
            fields["reason"] = .string(reason)
            fields["message"] = .string(message)
        case .gate(let component, let stage, let isOpen, let message):
            fields["type"] = "gate"
            fields["component"] = .string(component)
            fields["action"] = .string(stage.title)
            fields["state"] = isOpen ? "Open" : "Waiting"
            fields["message"] = .string(message)
        case .retry(let object, let cause, let attempt, _):
            fields["type"] = "retry"
            fields["object"] = .string(object)
            fields["attempt"] = .int(Int64(attempt))
            fields["message"] = .string(cause)
        case .lock(let change): set(change, in: &fields)
        case .warning(let component, let object, let message):
            fields["type"] = "warning"
            if let component { fields["component"] = .string(component) }
            if let object { fields["object"] = .string(object) }
            fields["message"] = .string(message)
        case .state(let text):
            fields["type"] = "state"
            fields["message"] = .string(text)
        case .result(let result):
            fields["type"] = "result"
            fields["state"] = .string(result.status.rawValue)
            fields["code"] = .int(Int64(result.code.rawValue))
            fields["message"] = .string(result.message)
            if !result.causes.isEmpty { fields["causes"] = .array(result.causes.map(\.json)) }
            if !result.retained.isEmpty { fields["retained"] = .array(result.retained.map(Value.string)) }
        }
        return .mapping(fields)
    }

    private func set(_ change: LockChange, in fields: inout Mapping) {
        fields["type"] = "lock"
        switch change {
        case .waiting(let holder):
            fields["state"] = "Waiting"
            fields["message"] = .string(holder)
        case .acquired(let isTakeover):
            fields["state"] = "Acquired"
            if isTakeover { fields["reason"] = "Takeover" }
        case .lost(let reason):
            fields["state"] = "Lost"
            fields["message"] = .string(reason)
        case .released: fields["state"] = "Released"
        }
    }
}
