// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension PodShaping {
    /// Keeps a task inside its pod, where the policy does not trust tasks.
    ///
    /// Images and data that are allowed would be no limit for a task that is the node's root, reads Secrets, or speaks to
    /// the API server as somebody else.
    mutating func confine() throws(JobRefusal) {
        if policy.confinesTasks {
            try refuseAccounts()
            try refuseRuntime()
            try refuseSecretVariables()
            if !PodShaping.objects(spec["ephemeralContainers"]).isEmpty {
                throw JobRefusal(.invalidSpec, "ephemeralContainers: no pod can be made with them")
            }
            dropMetadata()
        }
        let isHardened = policy.podSecurity.map { $0 != .privileged } ?? false
        if policy.confinesTasks || isHardened, !spec.contains("automountServiceAccountToken") {
            spec["automountServiceAccountToken"] = false
            changes.append("automountServiceAccountToken: false")
        }
    }

    private static let reason = "where jobs.allowImages or jobs.data of the plan limit tasks"

    private func refuseAccounts() throws(JobRefusal) {
        for key in ["serviceAccountName", "serviceAccount"] {
            let name = spec[key]?.string ?? ""
            guard name.isEmpty || name == "default" else {
                throw JobRefusal(
                    .serviceAccountNotAllowed,
                    "\(key): a task may not run as ServiceAccount '\(Self.shown(name))' \(Self.reason)")
            }
        }
        guard spec["automountServiceAccountToken"] ?? false == false else {
            throw JobRefusal(
                .serviceAccountNotAllowed,
                "automountServiceAccountToken: a task gets no credentials of the API server \(Self.reason)")
        }
    }

    /// A runtime can be what keeps a task in, or hand it devices that it did not ask the scheduler for.
    private func refuseRuntime() throws(JobRefusal) {
        let name = spec["runtimeClassName"]?.string ?? ""
        guard name.isEmpty || name == policy.runtimeClassName else {
            throw JobRefusal(
                .podSecurityNotAllowed,
                "runtimeClassName: a task may not choose '\(Self.shown(name))' \(Self.reason); to use it for all tasks, "
                    + "name it in jobs.runtimeClassName")
        }
    }

    /// Where variables may come from: what is not known here might read Secrets.
    private static let harmlessSources: Set<String> = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "fileKeyRef"]

    private mutating func refuseSecretVariables() throws(JobRefusal) {
        try eachContainer { (container, place, _) throws(JobRefusal) in
            for variable in Self.objects(container["env"]) {
                let sources = variable["valueFrom"]?.mapping?.keys ?? []
                guard let source = sources.first(where: { !Self.harmlessSources.contains($0) }) else { continue }
                let name = Self.shown(variable["name"]?.string ?? "")
                throw JobRefusal(
                    .secretNotAllowed,
                    "\(place): variable '\(name)' comes from \(Self.shown(source)), which a task may not read "
                        + Self.reason)
            }
            for source in Self.objects(container["envFrom"]) {
                guard let other = source.keys.first(where: { !["configMapRef", "prefix"].contains($0) }) else {
                    continue
                }
                throw JobRefusal(
                    .secretNotAllowed,
                    "\(place): envFrom has a \(Self.shown(other)), which a task may not read \(Self.reason)")
            }
        }
    }

    /// Labels and annotations make others act: Services send a pod their traffic, network plugins attach it elsewhere.
    ///
    /// Upstream's definition of jobs dropped them too.
    private mutating func dropMetadata() {
        let kept = Set(policy.labels.keys).union([JobContract.appLabel])
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) where !kept.contains(key) {
            labels[key] = nil
            changes.append("label \(Self.shown(key))=\(Self.shown(value)): left out")
        }
        // The policy's own are set again below: a task has no say in them.
        for key in policy.labels.keys where labels[key] != policy.labels[key] { labels[key] = nil }
        for key in annotations.keys.sorted() where key != JobPolicy.changesAnnotation {
            annotations[key] = nil
            changes.append("annotation \(Self.shown(key)): left out")
        }
    }

    /// Refuses what the level of the policy's `podSecurity` does not let a pod do.
    func check() throws(JobRefusal) {
        let stated = policy.podSecurity ?? .privileged
        if stated != .privileged {
            try PodSecurityCheck(level: stated, reason: "at podSecurity: \(stated.rawValue) of the plan")
                .check(spec, annotations)
        } else if policy.confinesTasks {
            try PodSecurityCheck(level: .baseline, reason: Self.reason).check(spec, annotations)
        }
    }
}
