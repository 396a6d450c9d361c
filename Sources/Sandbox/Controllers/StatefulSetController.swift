// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Keeps the pods of StatefulSets, one for each ordinal, in order.
final class StatefulSetController: Controller {
    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .statefulSets: change.isRemoval ? [] : [change.key]
        case .pods, .controllerRevisions: change.controllers(.statefulSets)
        default: []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let set = cluster.state.object(key), !set.isTerminating else { return }
        let history = RevisionHistory(of: set, in: cluster)
        let target = try history.present()
        let current =
            history.revisions.first { $0.objectName == set.status.currentRevision.text } ?? target
        let pass = StatefulSetPass(set, current: current, target: target, in: cluster)
        try pass.proceed()
        try pass.updateStatus()
        try history.prune(keeping: [current.objectName, target.objectName])
    }
}

/// One look at a StatefulSet.
private struct StatefulSetPass {
    private let set: Fields
    private let current: Fields
    private let target: Fields
    private let cluster: Cluster
    private let first: Int
    private let replicas: Int
    private let isOrdered: Bool

    init(_ set: Fields, current: Fields, target: Fields, in cluster: Cluster) {
        self.set = set
        self.current = current
        self.target = target
        self.cluster = cluster
        first = set.spec.ordinals.start.number ?? 0
        replicas = set.spec.replicas.number ?? 1
        isOrdered = set.spec.podManagementPolicy.text != "Parallel"
    }

    // MARK: Pods

    private var pods: [Int: Fields] {
        var pods: [Int: Fields] = [:]
        for pod in cluster.state.controlled(by: set, .pods) {
            guard let ordinal = ordinal(of: pod) else { continue }
            pods[ordinal] = pod
        }
        return pods
    }

    private func ordinal(of pod: Fields) -> Int? {
        guard pod.objectName.hasPrefix("\(set.objectName)-") else { return nil }
        return Int(pod.objectName.dropFirst(set.objectName.count + 1))
    }

    private func isHealthy(_ pod: Fields) -> Bool {
        pod.status.phase.text == "Running"
            && pod.untilAvailable(minReadySeconds: set.spec.minReadySeconds.number ?? 0, cluster: cluster) == .zero
    }

    private func isUpdated(_ pod: Fields) -> Bool {
        revision(of: pod) == target.metadata.labels[RevisionHistory.hashLabel].text
    }
    private func revision(of pod: Fields) -> String { pod.metadata.labels[RevisionHistory.hashLabel].text }

    /// Does what can be done now; in an ordered set that is one thing at a time.
    func proceed() throws {
        let wanted = first..<(first + replicas)
        for ordinal in wanted {
            try createClaims(ordinal)
            if let pod = pods[ordinal] {
                if pod.isFinishedPod, !pod.isTerminating { try delete(pod) }
                if isOrdered, pod.isTerminating || pod.isFinishedPod || !isHealthy(pod) {
                    return waitForAvailability(pod)
                }
            } else {
                try createPod(ordinal)
                if isOrdered { return }
            }
        }
        let condemned = pods.filter { !wanted.contains($0.key) }.sorted { $0.key > $1.key }
        for (_, pod) in condemned {
            if !pod.isTerminating { try delete(pod) }
            if isOrdered { return }
        }
        try update(wanted)
    }

    private func update(_ wanted: Range<Int>) throws {
        guard set.spec.updateStrategy.type.text != "OnDelete" else { return }
        let partition = set.spec.updateStrategy.rollingUpdate.partition.number ?? 0
        for ordinal in wanted.reversed() where ordinal >= partition {
            guard let pod = pods[ordinal] else { return }
            if pod.isTerminating { return }
            guard isUpdated(pod) else { return try delete(pod) }
            guard isHealthy(pod) else { return waitForAvailability(pod) }
        }
    }

    private func waitForAvailability(_ pod: Fields) {
        let wait = pod.untilAvailable(minReadySeconds: set.spec.minReadySeconds.number ?? 0, cluster: cluster)
        if let wait, wait > .zero { cluster.requeue(after: wait) }
    }

    private func createPod(_ ordinal: Int) throws {
        let partition = set.spec.updateStrategy.rollingUpdate.partition.number ?? 0
        let revision = ordinal < partition ? current : target
        let name = "\(set.objectName)-\(ordinal)"
        let template = RevisionHistory.template(of: revision)
        do {
            try cluster.createPod(from: template, owner: set, name: name) { pod in
                pod.set(
                    revision.metadata.labels[RevisionHistory.hashLabel].value,
                    at: ["metadata", "labels", RevisionHistory.hashLabel])
                pod.set(.string(name), at: ["metadata", "labels", "statefulset.kubernetes.io/pod-name"])
                pod.set(.string("\(ordinal)"), at: ["metadata", "labels", "apps.kubernetes.io/pod-index"])
                pod.set(.string(name), at: ["spec", "hostname"])
                if let subdomain = set.spec.serviceName.nonEmpty {
                    pod.set(.string(subdomain), at: ["spec", "subdomain"])
                }
                let claims = set.spec.volumeClaimTemplates.list.map(\.objectName)
                let others = template.spec.volumes.list.filter { !claims.contains($0.name.text) }
                let volumes = claims.map { claim -> Value in
                    ["name": .string(claim), "persistentVolumeClaim": ["claimName": .string("\(claim)-\(name)")]]
                }
                if !claims.isEmpty { pod.set(.array(others.compactMap(\.value) + volumes), at: ["spec", "volumes"]) }
            }
            record("SuccessfulCreate", "create Pod \(name) in StatefulSet \(set.objectName) successful")
        } catch let refusal as StatusError {
            record(
                "FailedCreate",
                "create Pod \(name) in StatefulSet \(set.objectName) failed error: \(refusal.message)", warning: true)
            cluster.requeue(after: .seconds(30))
        } catch StoreError.exists {
            // A pod of the same name that is not ours: wait for somebody to remove it.
            record(
                "FailedCreate",
                "create Pod \(name) in StatefulSet \(set.objectName) failed error: The POD exists and is not controlled by the set",
                warning: true)
        }
    }

    private func delete(_ pod: Fields) throws {
        try cluster.delete(.pods, pod)
        record("SuccessfulDelete", "delete Pod \(pod.objectName) in StatefulSet \(set.objectName) successful")
    }

    private func createClaims(_ ordinal: Int) throws {
        for template in set.spec.volumeClaimTemplates.list {
            let name = "\(template.objectName)-\(set.objectName)-\(ordinal)"
            guard cluster.state.object(.persistentVolumeClaims, namespace: set.objectNamespace, name) == nil,
                var claim = template.value
            else { continue }
            claim["metadata"] = [
                "name": .string(name), "namespace": .string(set.objectNamespace),
                "annotations": template.metadata.annotations.value ?? [:],
                "labels": Self.merged(template.metadata.labels, set.spec.selector.matchLabels),
            ]
            if set.spec.persistentVolumeClaimRetentionPolicy.whenDeleted.text == "Delete" {
                var owner = set.ownerReference
                owner["controller"] = nil
                claim.set([owner], at: ["metadata", "ownerReferences"])
            }
            claim["status"] = ["phase": "Pending"]
            cluster.admission.admitClaim(&claim)
            try cluster.create(.persistentVolumeClaims, claim)
            record(
                "SuccessfulCreate",
                "create Claim \(name) Pod \(set.objectName)-\(ordinal) in StatefulSet \(set.objectName) success")
        }
    }

    private static func merged(_ left: Fields, _ right: Fields) -> Value {
        var labels = left.entries
        for (key, value) in right.entries { labels[key] = value }
        return .mapping(labels)
    }

    private func record(_ reason: String, _ message: String, warning: Bool = false) {
        cluster.record(.statefulSet, on: set, warning: warning, reason, message)
    }

    // MARK: Status

    func updateStatus() throws {
        guard let now = cluster.state.object(ObjectKey(.statefulSets, of: set)), var value = now.value else { return }
        let all = Array(pods.values)
        let alive = all.filter { !$0.isTerminating }
        let ready = alive.filter { $0.status.phase.text == "Running" && $0.isReadyPod }.count
        let available = alive.filter(isHealthy).count
        let updated = alive.filter(isUpdated).count
        let old = current.metadata.labels[RevisionHistory.hashLabel].text
        var onCurrent = alive.filter { revision(of: $0) == old }.count
        var currentName = current.objectName
        if updated == replicas, ready == replicas, all.count == replicas {
            currentName = target.objectName
            onCurrent = updated
        }
        var status: Value = [
            "observedGeneration": .int(Int64(set.metadata.generation.number ?? 1)),
            "replicas": .int(Int64(all.count)),
        ]
        for (field, number) in [("readyReplicas", ready), ("currentReplicas", onCurrent), ("updatedReplicas", updated)]
        where number > 0 { status[field] = .int(Int64(number)) }
        status["availableReplicas"] = .int(Int64(available))
        status["currentRevision"] = .string(currentName)
        status["updateRevision"] = .string(target.objectName)
        status["collisionCount"] = 0
        value["status"] = status
        try cluster.update(.statefulSets, value)
    }
}
