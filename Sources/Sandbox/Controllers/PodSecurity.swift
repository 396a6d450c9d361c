// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The Pod Security Standards that a namespace enforces by its label `pod-security.kubernetes.io/enforce`.
struct PodSecurity {
    /// How strict it is.
    enum Level: String {
        case privileged
        case baseline
        case restricted
    }

    private let level: Level
    private let version: String

    /// Reads the labels of a namespace; an unknown level counts as the strictest, as in Kubernetes.
    init(_ namespace: Fields) {
        let labels = namespace.metadata.labels
        let text = labels["pod-security.kubernetes.io/enforce"].nonEmpty
        level = text.map { Level(rawValue: $0) ?? .restricted } ?? .privileged
        version = labels["pod-security.kubernetes.io/enforce-version"].nonEmpty ?? "latest"
    }

    /// What a pod violates, as the refusal says; nil when it may be created.
    func violation(of pod: Fields) -> String? {
        guard level != .privileged else { return nil }
        var reasons = baseline(pod.spec)
        if level == .restricted { reasons += restricted(pod.spec) }
        guard !reasons.isEmpty else { return nil }
        return "violates PodSecurity \"\(level.rawValue):\(version)\": \(reasons.joined(separator: ", "))"
    }

    private func containers(_ spec: Fields) -> [Fields] { spec.initContainers.list + spec.containers.list }

    /// The containers of which something holds: `container "a"`, `containers "a", "b"`; nil for none.
    private func named(_ containers: [Fields]) -> String? {
        guard !containers.isEmpty else { return nil }
        let names = containers.map { "\"\($0.name.text)\"" }.joined(separator: ", ")
        return containers.count == 1 ? "container \(names)" : "containers \(names)"
    }

    private func baseline(_ spec: Fields) -> [String] {
        var reasons: [String] = []
        let all = containers(spec)
        let shared = ["hostNetwork", "hostPID", "hostIPC"].filter { spec[$0].isTrue }
        if !shared.isEmpty {
            reasons.append("host namespaces (\(shared.map { "\($0)=true" }.joined(separator: ", ")))")
        }
        let allowed: Set<String> = [
            "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
            "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
        ]
        let capable = all.filter { !added($0).isSubset(of: allowed) }
        if let names = named(capable), level == .baseline {
            let extra = capable.flatMap { added($0) }.filter { !allowed.contains($0) }.sorted()
            let list = extra.map { "\"\($0)\"" }.joined(separator: ", ")
            reasons.append(
                "non-default capabilities (\(names) must not include \(list) in securityContext.capabilities.add)")
        }
        let onHost = spec.volumes.list.filter(\.hostPath.exists).map { "\"\($0.name.text)\"" }
        if !onHost.isEmpty {
            reasons.append(
                "hostPath volumes (volume\(onHost.count == 1 ? "" : "s") \(onHost.joined(separator: ", ")))")
        }
        let ports = all.filter { container in container.ports.list.contains { ($0.hostPort.number ?? 0) != 0 } }
        if let names = named(ports) {
            let numbers = ports.flatMap { $0.ports.list.compactMap(\.hostPort.number) }.filter { $0 != 0 }
            let list = numbers.map { "\($0)" }.joined(separator: ", ")
            reasons.append(
                "hostPort (\(names) use\(ports.count == 1 ? "s" : "") hostPort\(numbers.count == 1 ? "" : "s") \(list))"
            )
        }
        if let names = named(all.filter(\.securityContext.privileged.isTrue)) {
            reasons.append("privileged (\(names) must not set securityContext.privileged=true)")
        }
        return reasons
    }

    private func restricted(_ spec: Fields) -> [String] {
        var reasons: [String] = []
        let all = containers(spec)
        if let names = named(all.filter { $0.securityContext.allowPrivilegeEscalation.value != false }) {
            reasons.append(
                "allowPrivilegeEscalation != false (\(names) must set securityContext.allowPrivilegeEscalation=false)")
        }
        if let names = named(
            all.filter { container in
                !container.securityContext.capabilities.drop.list.contains { $0.text == "ALL" }
                    || !added(container).isSubset(of: ["NET_BIND_SERVICE"])
            })
        {
            reasons.append(
                "unrestricted capabilities (\(names) must set securityContext.capabilities.drop=[\"ALL\"])")
        }
        let kinds = [
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret",
        ]
        for volume in spec.volumes.list {
            guard let kind = volume.entries.keys.first(where: { $0 != "name" && !kinds.contains($0) }) else { continue }
            reasons.append(
                "restricted volume types (volume \"\(volume.name.text)\" uses restricted volume type \"\(kind)\")")
        }
        let podRunsAsUser = spec.securityContext.runAsNonRoot.isTrue
        if let names = named(
            all.filter { $0.securityContext.runAsNonRoot.value.map { $0 != true } ?? !podRunsAsUser })
        {
            reasons.append("runAsNonRoot != true (pod or \(names) must set securityContext.runAsNonRoot=true)")
        }
        let root = all.filter { $0.securityContext.runAsUser.number == 0 }
        if spec.securityContext.runAsUser.number == 0 {
            reasons.append("runAsUser=0 (pod must not set runAsUser=0)")
        } else if let names = named(root) {
            reasons.append("runAsUser=0 (\(names) must not set runAsUser=0)")
        }
        let profiles = ["RuntimeDefault", "Localhost"]
        let podHasProfile = profiles.contains(spec.securityContext.seccompProfile.type.text)
        if let names = named(
            all.filter { container in
                let own = container.securityContext.seccompProfile.type.nonEmpty
                return own.map { !profiles.contains($0) } ?? !podHasProfile
            })
        {
            reasons.append(
                "seccompProfile (pod or \(names) must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")"
            )
        }
        return reasons
    }

    private func added(_ container: Fields) -> Set<String> {
        Set(container.securityContext.capabilities.add.list.map(\.text))
    }
}
