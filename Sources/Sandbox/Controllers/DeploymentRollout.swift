// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// One step of a Deployment's rollout.
struct DeploymentRollout {
    static let revision = "deployment.kubernetes.io/revision"
    static let desiredReplicas = "deployment.kubernetes.io/desired-replicas"
    static let maxReplicas = "deployment.kubernetes.io/max-replicas"
    static let hashLabel = "pod-template-hash"

    /// The name of the ReplicaSet that this step has created.
    private(set) var createdSet: String?
    private let deployment: Fields
    private let cluster: Cluster
    private let replicas: Int
    private let isRecreating: Bool
    private let limits: RolloutLimits

    init(_ deployment: Fields, in cluster: Cluster) {
        self.deployment = deployment
        self.cluster = cluster
        replicas = deployment.spec.replicas.number ?? 1
        isRecreating = deployment.spec.strategy.type.text == "Recreate"
        limits = RolloutLimits(deployment.spec.strategy.rollingUpdate, replicas: replicas)
    }

    /// The ReplicaSet of a Deployment's present template, if there is one.
    static func newSet(of deployment: Fields, among sets: [Fields]) -> Fields? {
        let template = comparable(deployment.spec.template)
        // Oldest first: should two be equal, the first one counts, as it always has.
        return sets.sorted { $0.metadata.creationTimestamp.text < $1.metadata.creationTimestamp.text }
            .first { comparable($0.spec.template) == template }
    }

    private static func comparable(_ template: Fields) -> Value {
        var value = template.value ?? .null
        value.set(nil, at: ["metadata", "labels", hashLabel])
        value.set(nil, at: ["metadata", "creationTimestamp"])
        if value["metadata"]?["labels"]?.mapping?.isEmpty == true { value.set(nil, at: ["metadata", "labels"]) }
        return value
    }

    /// Creates the new ReplicaSet and moves pods towards it, as far as the limits allow now.
    mutating func proceed() throws {
        if try isScaling() { return try scaleEvenly() }
        if deployment.spec.paused.isTrue { return }
        let old = sets.filter { $0.objectUID != newSet?.objectUID }
        if isRecreating {
            for set in old where (set.spec.replicas.number ?? 0) > 0 { try scale(set, to: 0) }
            let hasPods = old.contains { set in
                cluster.state.controlled(by: set, .pods).contains { !$0.isFinishedPod }
            }
            if hasPods { return }
            try ensureNewSet()
            if let newSet { try scale(newSet, to: replicas) }
        } else {
            try ensureNewSet()
            guard try !scaleUpNew() else { return }
            try scaleDownOld()
        }
        try removeOldRevisions()
    }

    private var sets: [Fields] { cluster.state.controlled(by: deployment, .replicaSets) }
    private var newSet: Fields? { Self.newSet(of: deployment, among: sets) }
    private var oldSets: [Fields] {
        let new = newSet?.objectUID
        return sets.filter { $0.objectUID != new }
    }

    // MARK: Revisions

    private func revision(of object: Fields) -> Int { Int(object.metadata.annotations[Self.revision].text) ?? 0 }

    private mutating func ensureNewSet() throws {
        let next = (oldSets.map(revision).max() ?? 0) + 1
        if let newSet {
            let number = max(revision(of: newSet), next)
            if var value = newSet.value {
                if revision(of: newSet) < number, revision(of: newSet) > 0 {
                    let history = "deployment.kubernetes.io/revision-history"
                    let past = newSet.metadata.annotations[history].nonEmpty.map { "\($0)," } ?? ""
                    value.set(.string("\(past)\(revision(of: newSet))"), at: ["metadata", "annotations", history])
                }
                annotate(&value, revision: number)
                value.set(deployment.spec.minReadySeconds.value, at: ["spec", "minReadySeconds"])
                try cluster.update(.replicaSets, value)
            }
            return try setRevision(number)
        }
        var collisions = deployment.status.collisionCount.number ?? 0
        var template = deployment.spec.template.value ?? [:]
        var name = ""
        var hash = ""
        repeat {
            hash = StableHash.name(of: Self.comparable(deployment.spec.template), salt: collisions)
            name = "\(deployment.objectName)-\(hash)"
            collisions += 1
        } while cluster.state.object(.replicaSets, namespace: deployment.objectNamespace, name) != nil
        template.set(.string(hash), at: ["metadata", "labels", Self.hashLabel])
        var selector = deployment.spec.selector.value ?? [:]
        selector.set(.string(hash), at: ["matchLabels", Self.hashLabel])
        let size = initialReplicas
        var spec: Value = ["replicas": .int(Int64(size)), "selector": selector, "template": template]
        if let seconds = deployment.spec.minReadySeconds.value { spec["minReadySeconds"] = seconds }
        var set: Value = [
            "metadata": [
                "name": .string(name), "namespace": .string(deployment.objectNamespace),
                "labels": template[path: "metadata", "labels"] ?? [:],
                "ownerReferences": [deployment.ownerReference],
            ], "spec": spec, "status": ["replicas": 0],
        ]
        annotate(&set, revision: next)
        try cluster.create(.replicaSets, set)
        createdSet = name
        if size > 0 { recordScaling("up", name, from: 0, to: size) }
        try setRevision(next)
    }

    private var initialReplicas: Int {
        isRecreating ? replicas : max(0, min(replicas, replicas + limits.surge - total(sets)))
    }

    /// Copies the Deployment's annotations to a ReplicaSet, except those that speak of the Deployment itself.
    private func annotate(_ set: inout Value, revision: Int) {
        let excluded = ["kubectl.kubernetes.io/last-applied-configuration", "deprecated.deployment.rollback.to"]
        for (key, value) in deployment.metadata.annotations.entries
        where !excluded.contains(key) && !key.hasPrefix("deployment.kubernetes.io/") {
            set.set(value, at: ["metadata", "annotations", key])
        }
        set.set(.string("\(revision)"), at: ["metadata", "annotations", Self.revision])
        setSize(&set)
    }

    private func setSize(_ set: inout Value) {
        let most = replicas + (isRecreating ? 0 : limits.surge)
        set.set(.string("\(replicas)"), at: ["metadata", "annotations", Self.desiredReplicas])
        set.set(.string("\(most)"), at: ["metadata", "annotations", Self.maxReplicas])
    }

    private func setRevision(_ number: Int) throws {
        let key = ObjectKey(.deployments, of: deployment)
        guard var value = cluster.state.object(key)?.value else { return }
        value.set(.string("\(number)"), at: ["metadata", "annotations", Self.revision])
        try cluster.update(.deployments, value)
    }

    private func removeOldRevisions() throws {
        let limit = deployment.spec.revisionHistoryLimit.number ?? 10
        let unused = oldSets.filter {
            ($0.spec.replicas.number ?? 0) == 0 && ($0.status.replicas.number ?? 0) == 0 && !$0.isTerminating
        }
        for set in unused.sorted(by: { revision(of: $0) < revision(of: $1) }).dropLast(limit) {
            try cluster.delete(.replicaSets, set)
        }
    }

    // MARK: Scaling

    private func total(_ sets: [Fields]) -> Int { sets.reduce(0) { $0 + ($1.spec.replicas.number ?? 0) } }
    private func available(_ sets: [Fields]) -> Int {
        sets.reduce(0) { $0 + ($1.status.availableReplicas.number ?? 0) }
    }

    /// Whether the wanted number of pods has changed since the ReplicaSets were last sized.
    private func isScaling() throws -> Bool {
        sets.contains { set in
            guard let size = Int(set.metadata.annotations[Self.desiredReplicas].text) else { return false }
            return (set.spec.replicas.number ?? 0) > 0 && size != replicas
        }
    }

    /// Spreads a changed number of pods over the ReplicaSets that have some, in their proportions.
    private func scaleEvenly() throws {
        let active = sets.filter { ($0.spec.replicas.number ?? 0) > 0 }
        let most = active.count > 1 && !isRecreating ? replicas + limits.surge : replicas
        let sum = total(active)
        var rest = most
        let newest = newSet?.objectUID
        // The new ReplicaSet comes last and takes what rounding leaves over.
        let ordered = active.sorted { left, _ in left.objectUID != newest }
        for (position, set) in ordered.enumerated() {
            let size = set.spec.replicas.number ?? 0
            let share = position == ordered.count - 1 ? rest : min(rest, sum == 0 ? 0 : size * most / sum)
            rest -= share
            try scale(set, to: share)
        }
    }

    /// Grows the new ReplicaSet as far as the surge allows; true when it was changed.
    private func scaleUpNew() throws -> Bool {
        guard let newSet else { return false }
        let size = newSet.spec.replicas.number ?? 0
        if size > replicas {
            try scale(newSet, to: replicas)
            return true
        }
        let room = replicas + limits.surge - total(sets)
        guard size < replicas, room > 0 else { return false }
        try scale(newSet, to: min(replicas, size + room))
        return true
    }

    private func scaleDownOld() throws {
        guard let newSet else { return }
        let old = oldSets.filter { ($0.spec.replicas.number ?? 0) > 0 }
        guard !old.isEmpty else { return }
        let newUnavailable = (newSet.spec.replicas.number ?? 0) - (newSet.status.availableReplicas.number ?? 0)
        var room = total(sets) - (replicas - limits.unavailable) - newUnavailable
        // Pods that serve nobody go first: they cost nothing.
        for set in old where room > 0 {
            let size = set.spec.replicas.number ?? 0
            let broken = min(room, size - min(size, set.status.availableReplicas.number ?? 0))
            guard broken > 0, set.status.observedGeneration.number == set.metadata.generation.number else { continue }
            try scale(set, to: size - broken)
            room -= broken
        }
        var spare = available(sets) - (replicas - limits.unavailable)
        for set in oldSets where spare > 0 {
            let size = set.spec.replicas.number ?? 0
            let count = min(spare, size)
            guard count > 0 else { continue }
            try scale(set, to: size - count)
            spare -= count
        }
    }

    private func scale(_ set: Fields, to size: Int) throws {
        let before = set.spec.replicas.number ?? 0
        guard let current = cluster.state.object(ObjectKey(.replicaSets, of: set)), var value = current.value else {
            return
        }
        value.set(.int(Int64(size)), at: ["spec", "replicas"])
        setSize(&value)
        try cluster.update(.replicaSets, value)
        if size != before { recordScaling(size > before ? "up" : "down", set.objectName, from: before, to: size) }
    }

    private func recordScaling(_ direction: String, _ name: String, from: Int, to: Int) {
        cluster.record(
            .deployment, on: deployment, "ScalingReplicaSet",
            "Scaled \(direction) replica set \(name) from \(from) to \(to)")
    }
}
