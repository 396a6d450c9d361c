// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What a Deployment's status says after a step.
struct DeploymentStatus {
    private let deployment: Fields
    private let cluster: Cluster
    private let createdSet: String?
    private let sets: [Fields]
    private let newSet: Fields?
    private let replicas: Int

    init(_ deployment: Fields, in cluster: Cluster, createdSet: String?) {
        self.deployment = deployment
        self.cluster = cluster
        self.createdSet = createdSet
        sets = cluster.state.controlled(by: deployment, .replicaSets)
        newSet = DeploymentRollout.newSet(of: deployment, among: sets)
        replicas = deployment.spec.replicas.number ?? 1
    }

    /// Writes the status, and has the Deployment looked at again when its deadline ends.
    mutating func update(deadlines: inout ProgressDeadlines) throws {
        guard var value = deployment.value else { return }
        func sum(_ field: String) -> Int { sets.reduce(0) { $0 + ($1.status[field].number ?? 0) } }
        let total = sum("replicas")
        let updated = newSet?.status.replicas.number ?? 0
        let ready = sum("readyReplicas")
        let available = sum("availableReplicas")
        let wanted = sets.reduce(0) { $0 + ($1.spec.replicas.number ?? 0) }
        var status: Value = ["observedGeneration": .int(Int64(deployment.metadata.generation.number ?? 1))]
        for (field, number) in [
            ("replicas", total), ("updatedReplicas", updated), ("readyReplicas", ready),
            ("availableReplicas", available), ("unavailableReplicas", max(0, wanted - available)),
        ] where number > 0 { status[field] = .int(Int64(number)) }
        status["collisionCount"] = deployment.status.collisionCount.value
        status["conditions"] = deployment.status.conditions.value
        value["status"] = status

        let now = cluster.now
        let stamp = ["lastUpdateTime"]
        let isSettled = updated == replicas && total == replicas && available == replicas
        setProgress(
            of: &value, isComplete: isSettled, progress: [updated, ready, available, -total, replicas],
            deadlines: &deadlines)
        let limits = RolloutLimits(deployment.spec.strategy.rollingUpdate, replicas: replicas)
        let tolerated = deployment.spec.strategy.type.text == "Recreate" ? 0 : limits.unavailable
        if available >= replicas - tolerated {
            value.setCondition(
                "Available", true, reason: "MinimumReplicasAvailable",
                message: "Deployment has minimum availability.", now: now, stamped: stamp)
        } else {
            value.setCondition(
                "Available", false, reason: "MinimumReplicasUnavailable",
                message: "Deployment does not have minimum availability.", now: now, stamped: stamp)
        }
        if let failure = sets.map({ $0.condition("ReplicaFailure") }).first(where: { $0.status.text == "True" }) {
            value.setCondition(
                "ReplicaFailure", true, reason: failure.reason.text, message: failure.message.text, now: now,
                stamped: stamp)
        } else {
            value.removeCondition("ReplicaFailure")
        }
        try cluster.update(.deployments, value)
    }

    private func setProgress(
        of value: inout Value, isComplete: Bool, progress: [Int], deadlines: inout ProgressDeadlines
    ) {
        let uid = deployment.objectUID
        let old = deployment.condition("Progressing")
        func set(_ isTrue: Bool?, _ reason: String, _ message: String) {
            value.setCondition(
                "Progressing", isTrue, reason: reason, message: message, now: cluster.now,
                stamped: ["lastUpdateTime"])
        }
        if deployment.spec.paused.isTrue {
            deadlines.forget(uid)
            return set(nil, "DeploymentPaused", "Deployment is paused")
        }
        let name = newSet.map { "ReplicaSet \"\($0.objectName)\"" } ?? "Deployment \"\(deployment.objectName)\""
        if isComplete, newSet != nil {
            deadlines.forget(uid)
            return set(true, "NewReplicaSetAvailable", "\(name) has successfully progressed.")
        }
        if old.reason.text == "DeploymentPaused" { set(nil, "DeploymentResumed", "Deployment is resumed") }
        let now = cluster.pace.elapsed()
        let identity = progress + [Int(truncatingIfNeeded: StableHash.of(newSet?.objectUID ?? ""))]
        let known = deadlines.stalled(uid, progress: identity, now: now)
        let stalled = known ?? .zero
        let seconds = deployment.spec.progressDeadlineSeconds.number ?? 600
        let deadline = cluster.pace.scaled(.seconds(seconds))
        // Once exceeded, it stays so until there is progress; a restart of the sandbox is none.
        let isStuck = old.reason.text == "ProgressDeadlineExceeded" && createdSet == nil
        if stalled >= deadline || (isStuck && known != .zero) {
            return set(false, "ProgressDeadlineExceeded", "\(name) has timed out progressing.")
        }
        if seconds < Int(Int32.max) {
            cluster.requeue(after: (deadline - stalled) * max(cluster.pace.scale, 1))
        }
        if let createdSet {
            set(true, "NewReplicaSetCreated", "Created new replica set \"\(createdSet)\"")
        } else if stalled == .zero || old.status.text != "True" || old.reason.text == "NewReplicaSetAvailable" {
            set(true, "ReplicaSetUpdated", "\(name) is progressing.")
        }
    }
}
