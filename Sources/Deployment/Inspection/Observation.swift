// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records
import Values

/// The live objects of a deployment with what surrounds them.
struct Observation {
    private static let judgedKinds: Set<String> = [
        "Deployment", "StatefulSet", "DaemonSet", "Job", "PersistentVolumeClaim", "Service", "Ingress",
    ]
    private static let surrounding: [GroupVersionKind] = [.pod, .replicaSet, .event]

    private let snapshot: ObjectSnapshot
    private let live: [ObjectIdentity: KubernetesObject]
    private let allPods: [KubernetesObject]
    private let forbidden: Set<GroupKind>

    init(of state: DeploymentState, client: ClusterClient) async throws {
        let members = Selector(labels: [RecordKeys.partOf: state.applySetID])
        var wanted: [Question] = []
        for entry in state.inventory where Self.judgedKinds.contains(entry.key.kind.kind) {
            let question = Question(kind: entry.key.kind, namespace: entry.key.namespace, selector: members)
            if !wanted.contains(question) { wanted.append(question) }
        }
        let workloads: Set<String> = ["Deployment", "StatefulSet", "DaemonSet", "Job"]
        for namespace in Set(wanted.filter { workloads.contains($0.kind.kind) }.map(\.namespace)) {
            wanted += Self.surrounding.map { Question(kind: $0, namespace: namespace, selector: .all) }
        }
        var objects: [KubernetesObject] = []
        var forbidden: Set<GroupKind> = []
        try await withThrowingTaskGroup(of: (GroupKind, [KubernetesObject]?).self) { group in
            for question in wanted { group.addTask { try await question.ask(client) } }
            for try await (kind, answer) in group {
                if let answer { objects += answer } else { forbidden.insert(kind) }
            }
        }
        let known = Set(wanted.map(\.kind.groupKind)).subtracting(forbidden)
        snapshot = ObjectSnapshot(objects, knownKinds: known)
        var live: [ObjectIdentity: KubernetesObject] = [:]
        for object in objects where object.kind != "Event" { live[ObjectIdentity(object.key)] = object }
        self.live = live
        self.forbidden = forbidden
        allPods = objects.filter { $0.kind == "Pod" }
    }

    private struct Question: Hashable {
        let kind: GroupVersionKind
        let namespace: String?
        let selector: Selector

        /// The answer, or nil where it may not be given.
        func ask(_ client: ClusterClient) async throws -> (GroupKind, [KubernetesObject]?) {
            do {
                return (kind.groupKind, try await client.list(kind, namespace: namespace, selector: selector).items)
            } catch let error as APIError where error.reason == .forbidden {
                return (kind.groupKind, nil)
            }
        }
    }

    /// A component as its objects are now.
    func module(
        _ component: ComponentRecord, in state: DeploymentState, now: Timestamp
    ) -> DeploymentInspection.Module {
        let entries = state.inventory.filter {
            $0.component == component.name && !$0.isHook && Self.judgedKinds.contains($0.key.kind.kind)
        }
        let unread = entries.contains { forbidden.contains($0.key.kind.groupKind) }
        if component.status == .shared || component.status == .removed || entries.isEmpty || unread {
            return DeploymentInspection.Module(
                name: component.name, status: component.status, reasons: component.reasons)
        }
        var status = ModuleStatus.available
        var reasons: [String] = []
        let context = ReadinessContext(objects: snapshot, now: now)
        for entry in entries {
            guard let object = live[entry.identity] else {
                status = .unavailable
                reasons.append("\(entry.key) is missing")
                continue
            }
            switch ReadinessRules.evaluate(object, in: context).verdict {
            case .ready: break
            case .progressing(let reason):
                if status == .available { status = .progressing }
                reasons.append(Self.text(reason, of: entry.key))
            case .failing(let reason), .failed(let reason):
                status = .unavailable
                reasons.append(Self.text(reason, of: entry.key))
            }
        }
        return DeploymentInspection.Module(name: component.name, status: status, reasons: reasons)
    }

    private static func text(_ reason: ReadinessReason, of key: ObjectKey) -> String {
        reason.object == nil ? "\(key): \(reason)" : reason.description
    }

    /// The pods that the deployment's workloads own, directly or through a ReplicaSet.
    func pods(of state: DeploymentState) -> [DeploymentInspection.Pod] {
        var componentOfUID: [String: String] = [:]
        for entry in state.inventory {
            if let uid = live[entry.identity]?.uid { componentOfUID[uid] = entry.component }
        }
        for object in live.values where object.kind == "ReplicaSet" || object.kind == "Job" {
            if let uid = object.uid, let owner = object.controller, let component = componentOfUID[owner.uid] {
                componentOfUID[uid] = component
            }
        }
        return allPods.compactMap { pod -> DeploymentInspection.Pod? in
            guard let owner = pod.controller, let component = componentOfUID[owner.uid] else { return nil }
            return DeploymentInspection.Pod(
                name: pod.name, namespace: pod.namespace ?? "", component: component, status: Self.status(of: pod),
                node: pod["spec", "nodeName"]?.string ?? "")
        }.sorted { ($0.component, $0.name) < ($1.component, $1.name) }
    }

    /// A word for a pod: what holds a container up, init containers first, else its phase.
    private static func status(of pod: KubernetesObject) -> String {
        if pod.deletionTimestamp != nil { return "Terminating" }
        let phase = pod["status", "phase"]?.string ?? "Unknown"
        guard phase != "Succeeded" else { return phase }
        for list in ["initContainerStatuses", "containerStatuses"] {
            for container in pod["status", list]?.array ?? [] {
                let reason = container[path: "state", "waiting", "reason"]?.string
                // It says only that others are not done yet: those say more.
                if let reason, reason != "PodInitializing" { return reason }
                let ended = container[path: "state", "terminated"]
                if let ended, ended["exitCode"]?.int != 0 { return ended["reason"]?.string ?? "Error" }
            }
        }
        return phase
    }

    /// The live objects of a kind that belong to the deployment.
    func objects(of state: DeploymentState, kind: String) -> [KubernetesObject] {
        state.inventory.filter { $0.key.kind.kind == kind }.compactMap { live[$0.identity] }
    }
}
