// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

extension ObjectValidator {
    mutating func checkPod(_ object: Fields, old: Fields?) {
        let path = FieldPath("spec")
        checkPodSpec(object.spec, path, isPod: true)
        if let old { checkPodUpdate(object, old: old) }
    }

    /// Checks the template of a workload; `claimTemplates` are names of volumes that come from elsewhere.
    mutating func checkTemplate(_ template: Fields, _ path: FieldPath, claimTemplates: [String] = []) {
        checkLabels(template.metadata.labels, path["labels"])
        checkAnnotations(template.metadata.annotations, path["annotations"])
        checkPodSpec(template.spec, path["spec"], claimTemplates: claimTemplates)
        if !template.spec.ephemeralContainers.list.isEmpty {
            add(.forbidden(path["spec"]["ephemeralContainers"], "ephemeral containers not allowed in pod template"))
        }
    }

    private mutating func checkPodSpec(
        _ spec: Fields, _ path: FieldPath, isPod: Bool = false, claimTemplates: [String] = []
    ) {
        let volumes = checkVolumes(spec.volumes, path["volumes"]) + claimTemplates
        let grace = spec.terminationGracePeriodSeconds.number
        let context = PodContext(
            volumes: Set(volumes), grace: grace, hostNetwork: spec.hostNetwork.isTrue, isPod: isPod)
        checkContainers(spec.containers, path["containers"], context)
        checkInitContainers(spec.initContainers, spec.containers, path["initContainers"], context)
        checkChoice(spec.restartPolicy, path["restartPolicy"], ["Always", "OnFailure", "Never"])
        checkDNS(spec, path)
        checkLabels(spec.nodeSelector, path["nodeSelector"])
        if !spec.serviceAccountName.text.isEmpty {
            check(
                NameRules.subdomain(spec.serviceAccountName.text), path["serviceAccountName"],
                .string(spec.serviceAccountName.text))
        }
        if !spec.nodeName.text.isEmpty {
            check(NameRules.subdomain(spec.nodeName.text), path["nodeName"], .string(spec.nodeName.text))
        }
        for field in ["hostname", "subdomain"] where !spec[field].text.isEmpty {
            check(NameRules.label(spec[field].text), path[field], .string(spec[field].text))
        }
        if let deadline = spec.activeDeadlineSeconds.number, !(1...Int(Int32.max)).contains(deadline) {
            add(
                .invalid(
                    path["activeDeadlineSeconds"], spec.activeDeadlineSeconds.value,
                    "must be between 1 and 2147483647, inclusive"))
        }
        if let grace, grace < 0 {
            add(
                .invalid(
                    path["terminationGracePeriodSeconds"], spec.terminationGracePeriodSeconds.value,
                    "must be greater than or equal to 0"))
        }
        checkTolerations(spec.tolerations, path["tolerations"])
        checkAffinity(spec.affinity, path["affinity"])
        checkTopologySpread(spec.topologySpreadConstraints, path["topologySpreadConstraints"])
        checkPodSecurity(spec.securityContext, path["securityContext"])
        if !spec.priorityClassName.text.isEmpty {
            check(
                NameRules.subdomain(spec.priorityClassName.text), path["priorityClassName"],
                .string(spec.priorityClassName.text))
        }
        for (index, alias) in spec.hostAliases.list.enumerated() where IPAddress(alias.ip.text) == nil {
            add(
                .invalid(
                    path["hostAliases"][index]["ip"], alias.ip.value ?? "",
                    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"))
        }
    }

    private mutating func checkDNS(_ spec: Fields, _ path: FieldPath) {
        let policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]
        checkChoice(spec.dnsPolicy, path["dnsPolicy"], policies)
        let (config, configPath) = (spec.dnsConfig, path["dnsConfig"])
        if spec.dnsPolicy.text == "None" {
            if !config.exists {
                add(.required(configPath, "must provide `dnsConfig` when `dnsPolicy` is None"))
            } else if config.nameservers.list.isEmpty {
                add(
                    .required(
                        configPath["nameservers"], "must provide at least one DNS nameserver when `dnsPolicy` is None"))
            }
        }
        if config.nameservers.list.count > 3 {
            add(.invalid(configPath["nameservers"], config.nameservers.value, "must not have more than 3 nameservers"))
        }
    }

    mutating func checkPodSecurity(_ context: Fields, _ path: FieldPath) {
        for field in ["runAsUser", "runAsGroup", "fsGroup"] {
            guard let id = context[field].number, !(0...Int(Int32.max)).contains(id) else { continue }
            add(
                .invalid(
                    path[field], context[field].value, "must be between 0 and 2147483647, inclusive"))
        }
        if context.fsGroupChangePolicy.exists {
            checkChoice(context.fsGroupChangePolicy, path["fsGroupChangePolicy"], ["Always", "OnRootMismatch"])
        }
        checkSeccomp(context.seccompProfile, path["seccompProfile"])
    }

    mutating func checkSeccomp(_ profile: Fields, _ path: FieldPath) {
        guard profile.exists else { return }
        switch profile.type.text {
        case "": add(.required(path["type"], "type is required when seccompProfile is set"))
        case "Localhost":
            if profile.localhostProfile.text.isEmpty {
                add(
                    .required(
                        path["localhostProfile"], "must be set when seccomp type is Localhost"))
            }
        case "RuntimeDefault", "Unconfined":
            if profile.localhostProfile.exists {
                add(
                    .invalid(
                        path["localhostProfile"], profile.localhostProfile.value,
                        "can only be set when seccomp type is Localhost"))
            }
        default: add(.notSupported(path["type"], profile.type.value, ["Localhost", "RuntimeDefault", "Unconfined"]))
        }
    }
}

/// What the containers of a pod have to fit to.
struct PodContext {
    /// The names of the volumes.
    let volumes: Set<String>
    /// The seconds a pod has to end in.
    let grace: Int?
    /// Whether the pod uses the node's network.
    let hostNetwork: Bool
    /// Whether this is a pod and not a template.
    let isPod: Bool
}
