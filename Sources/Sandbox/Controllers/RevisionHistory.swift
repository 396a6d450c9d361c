// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The ControllerRevisions of a StatefulSet or DaemonSet: what `kubectl rollout history` and `undo` read.
struct RevisionHistory {
    static let hashLabel = "controller-revision-hash"
    private let owner: Fields
    private let cluster: Cluster

    init(of owner: Fields, in cluster: Cluster) {
        self.owner = owner
        self.cluster = cluster
    }

    /// The revisions, oldest first.
    var revisions: [Fields] {
        cluster.state.controlled(by: owner, .controllerRevisions)
            .sorted { ($0.revision.number ?? 0) < ($1.revision.number ?? 0) }
    }

    /// The revision of the present template, made or moved to the end of the history when it is not there already.
    func present() throws -> Fields {
        let revisions = revisions
        let data = Self.data(of: owner.spec.template)
        let next = Int64((revisions.last?.revision.number ?? 0) + 1)
        if let known = revisions.first(where: { $0.data.value == data }) {
            guard known.objectUID != revisions.last?.objectUID, var value = known.value else { return known }
            value["revision"] = .int(next)
            try cluster.update(.controllerRevisions, value)
            return cluster.state.object(ObjectKey(.controllerRevisions, of: known)) ?? known
        }
        var salt = 0
        var hash = StableHash.name(of: data)
        while cluster.state.object(.controllerRevisions, namespace: owner.objectNamespace, name(hash)) != nil {
            salt += 1
            hash = StableHash.name(of: data, salt: salt)
        }
        var labels: Value = owner.spec.template.metadata.labels.value ?? [:]
        labels[Self.hashLabel] = .string(hash)
        return try cluster.create(
            .controllerRevisions,
            [
                "metadata": [
                    "name": .string(name(hash)), "namespace": .string(owner.objectNamespace), "labels": labels,
                    "ownerReferences": [owner.ownerReference],
                ], "data": data, "revision": .int(next),
            ])
    }

    /// Removes the oldest revisions beyond the limit, except those in use.
    func prune(keeping used: Set<String>) throws {
        let limit = owner.spec.revisionHistoryLimit.number ?? 10
        for revision in revisions.filter({ !used.contains($0.objectName) }).dropLast(limit) {
            try cluster.delete(.controllerRevisions, revision)
        }
    }

    /// The pod template of a revision.
    static func template(of revision: Fields) -> Fields {
        var template = revision.data.spec.template.value ?? .null
        template["$patch"] = nil
        return Fields(template)
    }

    private func name(_ hash: String) -> String { "\(owner.objectName)-\(hash)" }

    private static func data(of template: Fields) -> Value {
        var template = template.value ?? [:]
        template["$patch"] = "replace"
        return ["spec": ["template": template]]
    }
}
