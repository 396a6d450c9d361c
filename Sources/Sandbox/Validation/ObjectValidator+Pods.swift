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

    private mutating func checkTolerations(_ tolerations: Fields, _ path: FieldPath) {
        for (index, toleration) in tolerations.list.enumerated() {
            let path = path[index]
            let key = toleration["key"].text
            let operation = toleration["operator"].text
            if !key.isEmpty { check(NameRules.qualifiedName(key), path["key"], .string(key)) }
            if key.isEmpty, operation != "Exists" {
                add(
                    .invalid(
                        path["operator"], .string(operation),
                        "operator must be Exists when `key` is empty, which means \"match all values and all keys\""))
            }
            if toleration.tolerationSeconds.exists, toleration.effect.text != "NoExecute" {
                add(
                    .invalid(
                        path["effect"], .string(toleration.effect.text),
                        "effect must be 'NoExecute' when `tolerationSeconds` is set"))
            }
            switch operation {
            case "Equal", "":
                let value = toleration["value"].text
                check(NameRules.labelValue(value), path["operator"], .string(value))
            case "Exists":
                if !toleration["value"].text.isEmpty {
                    add(.invalid(path["operator"], toleration.value, "value must be empty when `operator` is 'Exists'"))
                }
            default: add(.notSupported(path["operator"], .string(operation), ["Equal", "Exists"]))
            }
            if !toleration.effect.text.isEmpty {
                checkChoice(toleration.effect, path["effect"], ["NoSchedule", "PreferNoSchedule", "NoExecute"])
            }
        }
    }

    private mutating func checkAffinity(_ affinity: Fields, _ path: FieldPath) {
        let nodes = affinity.nodeAffinity
        let required = nodes.requiredDuringSchedulingIgnoredDuringExecution
        let requiredPath = path["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
        if required.exists, required.nodeSelectorTerms.list.isEmpty {
            add(.required(requiredPath["nodeSelectorTerms"], "must have at least one node selector term"))
        }
        for (index, term) in required.nodeSelectorTerms.list.enumerated() {
            checkNodeTerm(term, requiredPath["nodeSelectorTerms"][index])
        }
        let preferredPath = path["nodeAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
        for (index, term) in nodes.preferredDuringSchedulingIgnoredDuringExecution.list.enumerated() {
            checkWeight(term.weight, preferredPath[index]["weight"])
            checkNodeTerm(term.preference, preferredPath[index]["preference"])
        }
        for kind in ["podAffinity", "podAntiAffinity"] {
            let rules = affinity[kind]
            for (index, term) in rules.requiredDuringSchedulingIgnoredDuringExecution.list.enumerated() {
                checkPodTerm(term, path[kind]["requiredDuringSchedulingIgnoredDuringExecution"][index])
            }
            for (index, term) in rules.preferredDuringSchedulingIgnoredDuringExecution.list.enumerated() {
                let path = path[kind]["preferredDuringSchedulingIgnoredDuringExecution"][index]
                checkWeight(term.weight, path["weight"])
                checkPodTerm(term.podAffinityTerm, path["podAffinityTerm"])
            }
        }
    }

    private mutating func checkWeight(_ weight: Fields, _ path: FieldPath) {
        guard !(1...100).contains(weight.number ?? 0) else { return }
        add(.invalid(path, weight.value ?? 0, "must be in the range 1-100"))
    }

    private mutating func checkNodeTerm(_ term: Fields, _ path: FieldPath) {
        for (index, expression) in term.matchExpressions.list.enumerated() {
            let path = path["matchExpressions"][index]
            let values = expression.values.list
            switch expression["operator"].text {
            case "In", "NotIn":
                if values.isEmpty {
                    add(.required(path["values"], "must be specified when `operator` is 'In' or 'NotIn'"))
                }
            case "Exists", "DoesNotExist":
                if !values.isEmpty {
                    add(
                        .forbidden(path["values"], "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
                    )
                }
            case "Gt", "Lt":
                if values.count != 1 {
                    add(.required(path["values"], "must be specified single value when `operator` is 'Lt' or 'Gt'"))
                }
            case let other: add(.invalid(path["operator"], .string(other), "not a valid selector operator"))
            }
            check(NameRules.qualifiedName(expression.key.text), path["key"], .string(expression.key.text))
        }
    }

    private mutating func checkPodTerm(_ term: Fields, _ path: FieldPath) {
        checkLabelSelector(term.labelSelector, path["labelSelector"])
        if term.topologyKey.text.isEmpty {
            add(.required(path["topologyKey"], "can not be empty"))
        } else {
            check(NameRules.qualifiedName(term.topologyKey.text), path["topologyKey"], .string(term.topologyKey.text))
        }
    }

    private mutating func checkTopologySpread(_ constraints: Fields, _ path: FieldPath) {
        for (index, constraint) in constraints.list.enumerated() {
            if (constraint.maxSkew.number ?? 0) <= 0 {
                add(.invalid(path[index]["maxSkew"], constraint.maxSkew.value ?? 0, "must be greater than zero"))
            }
            if constraint.topologyKey.text.isEmpty { add(.required(path[index]["topologyKey"], "can not be empty")) }
            checkChoice(
                constraint.whenUnsatisfiable, path[index]["whenUnsatisfiable"], ["DoNotSchedule", "ScheduleAnyway"])
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

    private mutating func checkPodUpdate(_ object: Fields, old: Fields) {
        func reduced(_ spec: Fields) -> Value {
            var value = spec.value ?? [:]
            for list in ["containers", "initContainers"] {
                guard let containers = value[list]?.array else { continue }
                value[list] = .array(
                    containers.map { container in
                        var container = container
                        container["image"] = nil
                        return container
                    })
            }
            // Gates may go, which lets the node be chosen; the scheduler writes it.
            for field in [
                "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "schedulingGates", "nodeName",
            ] { value[field] = nil }
            return value
        }
        let oldTolerations = old.spec.tolerations.value?.array ?? []
        let newTolerations = object.spec.tolerations.value?.array ?? []
        let keepsTolerations = oldTolerations.allSatisfy { newTolerations.contains($0) }
        let keepsNode = old.spec.nodeName.text.isEmpty || old.spec.nodeName.text == object.spec.nodeName.text
        guard reduced(object.spec) != reduced(old.spec) || !keepsTolerations || !keepsNode else { return }
        let difference = SpecDifference.text(from: old.spec.value ?? [:], to: object.spec.value ?? [:])
        add(
            .forbidden(
                FieldPath("spec"),
                "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
                    + difference))
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

/// The lines in which two versions of a spec differ, for the messages of immutable fields.
enum SpecDifference {
    static func text(from old: Value, to new: Value) -> String {
        var lines: [String] = []
        compare(old, new, "", &lines)
        return lines.joined(separator: "\n")
    }

    private static func compare(_ old: Value?, _ new: Value?, _ path: String, _ lines: inout [String]) {
        if old == new { return }
        if case .mapping(let left)? = old, case .mapping(let right)? = new {
            let keys = left.keys + right.keys.filter { !left.contains($0) }
            for key in keys.sorted() { compare(left[key], right[key], path.isEmpty ? key : "\(path).\(key)", &lines) }
            return
        }
        if let old { lines.append("- \(path): \(old.jsonString())") }
        if let new { lines.append("+ \(path): \(new.jsonString())") }
    }
}
