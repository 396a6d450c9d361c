// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The Pod Security Standards for what a task states, but for its volumes, which have rules of their own.
///
/// https://kubernetes.io/docs/concepts/security/pod-security-standards
struct PodSecurityCheck {
    let level: JobPolicy.PodSecurity
    /// Why it is refused, as the end of a sentence that names the plan's key.
    let reason: String

    private var isStrict: Bool { level == .restricted || level == .openshift }

    /// Capabilities that a pod may add.
    private static let baseline: Set<String> = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
        "SETGID",
        "SETPCAP", "SETUID", "SYS_CHROOT",
    ]

    /// Settings of the kernel that hold for the pod alone.
    private static let safeSysctls: Set<String> = [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
    ]

    private static let selinuxTypes: Set<String> = [
        "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t",
    ]

    func check(_ spec: Mapping, _ annotations: [String: String]) throws(JobRefusal) {
        // Whatever is not false is refused: the server would not take it for false either.
        for key in ["hostNetwork", "hostPID", "hostIPC"] where spec[key] ?? false != false {
            throw refusal(key, "a task may not use its node's \(key.dropFirst(4))")
        }
        for (key, value) in annotations {
            let isProfile =
                key.hasPrefix("container.apparmor.security.beta.") || key.contains("seccomp.security.alpha.")
            if isProfile, value == "unconfined" { throw refusal("annotation \(PodShaping.shown(key))", "unconfined") }
        }
        let pod = spec["securityContext"]?.mapping ?? Mapping()
        try check(context: pod, "the pod")
        for sysctl in PodShaping.objects(pod["sysctls"]) {
            let name = sysctl["name"]?.string ?? ""
            if !Self.safeSysctls.contains(name) {
                throw refusal("sysctl \(PodShaping.shown(name))", "not of the pod alone")
            }
        }
        for (list, kind) in [("initContainers", "init container"), ("containers", "container")] {
            for container in PodShaping.objects(spec[list]) {
                try check(container, kind + " '\(PodShaping.shown(container["name"]?.string ?? ""))'")
            }
        }
    }

    private func check(_ container: Mapping, _ place: String) throws(JobRefusal) {
        let context = container["securityContext"]?.mapping ?? Mapping()
        try check(context: context, place)
        if context["privileged"] ?? false != false { throw refusal("privileged of \(place)", "a task may not be it") }
        if let mount = context["procMount"]?.string, mount != "Default", !mount.isEmpty {
            throw refusal("procMount of \(place)", "must be Default")
        }
        let allowed = isStrict ? ["NET_BIND_SERVICE"] : Self.baseline
        let added = (context["capabilities"]?["add"]?.array ?? []).compactMap(\.string)
        if let capability = added.first(where: { !allowed.contains($0) }) {
            throw refusal("capability \(PodShaping.shown(capability)) of \(place)", "a task may not have it")
        }
        for port in PodShaping.objects(container["ports"]) where port["hostPort"] ?? 0 != 0 {
            throw refusal("hostPort of \(place)", "a task may not use ports of its node")
        }
        let handlers =
            ["livenessProbe", "readinessProbe", "startupProbe"].map { container[$0] }
            + ["postStart", "preStop"].map { container["lifecycle"]?[$0] }
        for handler in handlers {
            // The kubelet would ask whoever the task names, from the node.
            let host = handler?["httpGet"]?["host"]?.string ?? handler?["tcpSocket"]?["host"]?.string ?? ""
            if !host.isEmpty { throw refusal("a probe of \(place)", "must not name a host") }
        }
        if isStrict, context["allowPrivilegeEscalation"] ?? false != false {
            throw refusal("allowPrivilegeEscalation of \(place)", "a task may not gain rights")
        }
    }

    /// What the contexts of pods and containers have in common.
    private func check(context: Mapping, _ place: String) throws(JobRefusal) {
        for key in ["seccompProfile", "appArmorProfile"] where context[key]?["type"] == "Unconfined" {
            throw refusal("\(key) of \(place)", "must not be Unconfined")
        }
        let selinux = context["seLinuxOptions"] ?? [:]
        let type = selinux["type"] ?? ""
        if type.string.map(Self.selinuxTypes.contains) != true || selinux["user"] ?? "" != ""
            || selinux["role"] ?? "" != ""
        {
            throw refusal("seLinuxOptions of \(place)", "a task may not choose them")
        }
        if context["windowsOptions"]?["hostProcess"] ?? false != false {
            throw refusal("windowsOptions.hostProcess of \(place)", "a task may not be one")
        }
        guard isStrict else { return }
        if context["runAsNonRoot"] ?? true != true { throw refusal("runAsNonRoot of \(place)", "must not be false") }
        if let user = context["runAsUser"], user.int ?? 0 == 0 {
            throw refusal("runAsUser of \(place)", "a task may not run as root")
        }
    }

    private func refusal(_ what: String, _ why: String) -> JobRefusal {
        JobRefusal(.podSecurityNotAllowed, "\(what): \(why) \(reason)")
    }
}
