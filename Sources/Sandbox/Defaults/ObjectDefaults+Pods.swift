// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectDefaults {
    static func fillPod(_ pod: inout Value) {
        pod.edit("spec") { spec in
            fillPodSpec(&spec)
            spec.fill("enableServiceLinks", true)
            let usesHostNetwork = spec["hostNetwork"] == true
            for list in ["containers", "initContainers"] {
                spec.editEach(list) { container in
                    fillRequests(&container)
                    guard usesHostNetwork else { return }
                    container.editEach("ports") { port in
                        if let number = port["containerPort"] { port.fill("hostPort", number) }
                    }
                }
            }
        }
        pod.edit("status") { $0.fill("phase", "Pending") }
    }

    /// In pods, not in templates, what is limited is also asked for.
    private static func fillRequests(_ container: inout Value) {
        guard let limits = container[path: "resources", "limits"]?.mapping, !limits.isEmpty else { return }
        container.edit("resources") { resources in
            resources.edit("requests") { requests in
                for (name, limit) in limits { requests.fill(name, limit) }
            }
        }
    }

    static func fillTemplate(_ template: inout Value?) {
        guard var filled = template, filled.mapping != nil else { return }
        filled.edit("spec") { fillPodSpec(&$0) }
        template = filled
    }

    static func fillPodSpec(_ spec: inout Value) {
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            spec.editEach(list) { fillContainer(&$0) }
        }
        spec.editEach("volumes") { fillVolume(&$0) }
        spec.fill("restartPolicy", "Always")
        spec.fill("terminationGracePeriodSeconds", 30)
        spec.fill("dnsPolicy", "ClusterFirst")
        spec.fill("securityContext", [:])
        spec.fill("schedulerName", "default-scheduler")
        // The old name of the field is written beside the new one.
        if let account = spec["serviceAccountName"] {
            spec["serviceAccount"] = account
        } else if let account = spec["serviceAccount"] {
            spec["serviceAccountName"] = account
        }
    }

    private static func fillContainer(_ container: inout Value) {
        container.editEach("ports") { $0.fill("protocol", "TCP") }
        container.editEach("env") { variable in
            variable.editIfPresent("valueFrom") { $0.editIfPresent("fieldRef") { $0.fill("apiVersion", "v1") } }
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            container.editIfPresent(probe) { fillProbe(&$0) }
        }
        container.editIfPresent("lifecycle") { lifecycle in
            for hook in ["postStart", "preStop"] {
                lifecycle.editIfPresent(hook) { $0.editIfPresent("httpGet") { fillRequest(&$0) } }
            }
        }
        container.fill("resources", [:])
        container.fill("terminationMessagePath", "/dev/termination-log")
        container.fill("terminationMessagePolicy", "File")
        let policy: Value = isLatest(container["image"]?.string ?? "") ? "Always" : "IfNotPresent"
        container.fill("imagePullPolicy", policy)
    }

    private static func fillProbe(_ probe: inout Value) {
        probe.editIfPresent("httpGet") { fillRequest(&$0) }
        probe.editIfPresent("grpc") { $0.fill("service", "") }
        probe.fill("timeoutSeconds", 1)
        probe.fill("periodSeconds", 10)
        probe.fill("successThreshold", 1)
        probe.fill("failureThreshold", 3)
    }

    private static func fillRequest(_ request: inout Value) {
        request.fill("path", "/")
        request.fill("scheme", "HTTP")
    }

    /// Whether an image is named without a tag or digest, or with the tag `latest`.
    private static func isLatest(_ image: String) -> Bool {
        if image.isEmpty || image.contains("@") { return false }
        let name = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let colon = name.firstIndex(of: ":") else { return true }
        return name[name.index(after: colon)...] == "latest"
    }

    private static func fillVolume(_ volume: inout Value) {
        if volume.mapping?.keys.allSatisfy({ $0 == "name" }) == true { volume["emptyDir"] = [:] }
        volume.editIfPresent("hostPath") { $0.fill("type", "") }
        for source in ["secret", "configMap", "downwardAPI", "projected"] {
            volume.editIfPresent(source) { $0.fill("defaultMode", 420) }
        }
        volume.editIfPresent("downwardAPI") { fillDownwardItems(&$0) }
        volume.editIfPresent("projected") { projected in
            projected.editEach("sources") { entry in
                entry.editIfPresent("serviceAccountToken") { $0.fill("expirationSeconds", 3600) }
                entry.editIfPresent("downwardAPI") { fillDownwardItems(&$0) }
            }
        }
        volume.editIfPresent("ephemeral") { ephemeral in
            ephemeral.editIfPresent("volumeClaimTemplate") { $0.edit("spec") { $0.fill("volumeMode", "Filesystem") } }
        }
        volume.editIfPresent("iscsi") { $0.fill("iscsiInterface", "default") }
        volume.editIfPresent("rbd") { rbd in
            rbd.fill("pool", "rbd")
            rbd.fill("user", "admin")
            rbd.fill("keyring", "/etc/ceph/keyring")
        }
    }

    private static func fillDownwardItems(_ source: inout Value) {
        source.editEach("items") { $0.editIfPresent("fieldRef") { $0.fill("apiVersion", "v1") } }
    }
}
