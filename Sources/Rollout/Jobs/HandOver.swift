// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
public import Values
import Records

/// What a launcher tells the worker that takes its job over (J-3a): which job, and what was already decided.
///
/// The worker trusts the decisions: every write is guarded, so that a change of the cluster since then is noticed. It
/// holds no secret and is meant for the worker's standard input.
public struct HandOver: Sendable {
    /// The job's id.
    public var job: String
    /// The deployment's name.
    public var deployment: String
    /// The namespace of its records.
    public var namespace: String
    var decisions: [ObjectKey: PlannedObject.Action]
    var leftovers: [Leftover]
    var hooks: [ObjectKey]

    init(job: String, plan: RolloutPlan) {
        self.job = job
        deployment = plan.request.deployment
        namespace = plan.request.namespace
        decisions = Dictionary(plan.objects.map { ($0.key, $0.action) }) { first, _ in first }
        leftovers = plan.leftovers
        hooks = plan.hooks.map(\.manifest.key)
    }

    init(job: String, deployment: String, namespace: String) {
        self.job = job
        self.deployment = deployment
        self.namespace = namespace
        decisions = [:]
        leftovers = []
        hooks = []
    }
}

extension HandOver {
    /// The text for the worker.
    public var json: Value {
        [
            "version": 1, "job": .string(job), "deployment": .string(deployment), "namespace": .string(namespace),
            "objects": .array(
                decisions.map { key, action in
                    var fields = Self.fields(of: key)
                    switch action {
                    case .create(let isChecked): fields["action"] = isChecked ? "create" : "create-unchecked"
                    case .update(let uid): (fields["action"], fields["uid"]) = ("update", .string(uid))
                    case .adopt(let uid): (fields["action"], fields["uid"]) = ("adopt", .string(uid))
                    case .unchanged(let uid): (fields["action"], fields["uid"]) = ("unchanged", .string(uid))
                    }
                    return .mapping(fields)
                }),
            "leftovers": .array(
                leftovers.map { ["entry": $0.entry.json, "retained": .bool($0.isRetained)] }),
            "hooks": .array(hooks.map { .mapping(Self.fields(of: $0)) }),
        ]
    }

    /// Reads the launcher's text; nil when it is something else.
    public init?(json: Value) {
        guard json["version"]?.int == 1, let job = json["job"]?.string, let deployment = json["deployment"]?.string,
            let namespace = json["namespace"]?.string
        else { return nil }
        self.init(job: job, deployment: deployment, namespace: namespace)
        for fields in json["objects"]?.array ?? [] {
            guard let key = Self.key(fields) else { return nil }
            let uid = fields["uid"]?.string
            switch (fields["action"]?.string, uid) {
            case ("create", _): decisions[key] = .create(isChecked: true)
            case ("create-unchecked", _): decisions[key] = .create(isChecked: false)
            case ("update", let uid?): decisions[key] = .update(uid: uid)
            case ("adopt", let uid?): decisions[key] = .adopt(uid: uid)
            case ("unchanged", let uid?): decisions[key] = .unchanged(uid: uid)
            default: return nil
            }
        }
        for fields in json["leftovers"]?.array ?? [] {
            guard let json = fields["entry"], let entry = InventoryEntry(json: json) else { return nil }
            leftovers.append(Leftover(entry: entry, isRetained: fields["retained"]?.bool ?? true))
        }
        for fields in json["hooks"]?.array ?? [] {
            guard let key = Self.key(fields) else { return nil }
            hooks.append(key)
        }
    }

    private static func fields(of key: ObjectKey) -> Mapping {
        var fields: Mapping = [
            "apiVersion": .string(key.kind.apiVersion), "kind": .string(key.kind.kind), "name": .string(key.name),
        ]
        if let namespace = key.namespace { fields["namespace"] = .string(namespace) }
        return fields
    }

    private static func key(_ fields: Value) -> ObjectKey? {
        guard let apiVersion = fields["apiVersion"]?.string, let kind = fields["kind"]?.string,
            let name = fields["name"]?.string
        else { return nil }
        return ObjectKey(
            GroupVersionKind(apiVersion: apiVersion, kind: kind), namespace: fields["namespace"]?.string, name: name)
    }
}
