// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    private static let spec = FieldPath("spec")

    mutating func checkDisruptionBudget(_ object: Fields) {
        let (spec, path) = (object.spec, Self.spec)
        if spec.minAvailable.exists, spec.maxUnavailable.exists {
            add(.invalid(path, spec.value, "minAvailable and maxUnavailable cannot be both set"))
        }
        checkIntOrPercent(spec.minAvailable, path["minAvailable"])
        checkIntOrPercent(spec.maxUnavailable, path["maxUnavailable"])
        checkLabelSelector(spec.selector, path["selector"])
        if spec.unhealthyPodEvictionPolicy.exists {
            checkChoice(
                spec.unhealthyPodEvictionPolicy, path["unhealthyPodEvictionPolicy"], ["AlwaysAllow", "IfHealthyBudget"])
        }
    }

    mutating func checkAutoscaler(_ object: Fields) {
        let (spec, path) = (object.spec, Self.spec)
        let maximum = spec.maxReplicas.number ?? 0
        if let minimum = spec.minReplicas.number {
            if minimum < 1 {
                add(.invalid(path["minReplicas"], spec.minReplicas.value, "must be greater than or equal to 1"))
            }
            if maximum < minimum {
                add(
                    .invalid(
                        path["maxReplicas"], spec.maxReplicas.value ?? 0,
                        "must be greater than or equal to `minReplicas`"))
            }
        }
        if maximum < 1 { add(.invalid(path["maxReplicas"], spec.maxReplicas.value ?? 0, "must be greater than 0")) }
        for field in ["kind", "name"] where spec.scaleTargetRef[field].text.isEmpty {
            add(.required(path["scaleTargetRef"][field]))
        }
        let sources = ["ContainerResource", "External", "Object", "Pods", "Resource"]
        for (index, metric) in spec.metrics.list.enumerated() {
            let path = path["metrics"][index]
            if metric.type.text.isEmpty {
                add(.required(path["type"], "must specify a metric source type"))
            } else {
                checkChoice(metric.type, path["type"], sources)
            }
        }
    }

    mutating func checkPriorityClass(_ object: Fields, old: Fields?) {
        let limit = 1_000_000_000
        let name = object.metadata.name.text
        if name.hasPrefix("system-"), !["system-cluster-critical", "system-node-critical"].contains(name) {
            add(
                .forbidden(
                    FieldPath("metadata.name"),
                    "priority class names with 'system-' prefix are reserved for system use only. error: \(name) is not a known "
                        + "system priority class"))
        } else if !name.hasPrefix("system-"), let value = object["value"].number, value > limit {
            add(
                .forbidden(
                    FieldPath("value"),
                    "maximum allowed value of a user defined priority is \(limit)"))
        }
        if object.preemptionPolicy.exists {
            checkChoice(object.preemptionPolicy, FieldPath("preemptionPolicy"), ["PreemptLowerPriority", "Never"])
        }
        guard let old else { return }
        if object["value"].value != old["value"].value {
            add(.forbidden(FieldPath("value"), "may not be changed in an update."))
        }
        checkImmutable(object.preemptionPolicy, old.preemptionPolicy, FieldPath("preemptionPolicy"))
    }

    mutating func checkResourceQuota(_ object: Fields) {
        for (name, value) in object.spec.hard.entries.sortedByKey {
            let path = Self.spec["hard"].key(name)
            check(NameRules.qualifiedName(name), path, .string(name))
            checkQuantity(value, path)
        }
    }

    mutating func checkLimitRange(_ object: Fields) {
        for (index, limit) in object.spec.limits.list.enumerated() {
            let path = Self.spec["limits"][index]
            if limit.type.text.isEmpty { add(.required(path["type"])) }
            for (name, minimum) in limit.min.entries {
                guard let low = Quantity(minimum), let high = limit.max.entries[name].flatMap({ Quantity($0) }),
                    low > high
                else { continue }
                add(
                    .invalid(
                        path["min"].key(name), .string(low.description),
                        "min value \(low) is greater than max value \(high)"))
            }
        }
    }

    mutating func checkLease(_ object: Fields) {
        let (spec, path) = (object.spec, Self.spec)
        checkPositive(spec.leaseDurationSeconds, path["leaseDurationSeconds"])
        checkNonNegative(spec.leaseTransitions, path["leaseTransitions"])
        if spec.holderIdentity.exists, spec.holderIdentity.text.isEmpty {
            add(.invalid(path["holderIdentity"], "", "must not be empty"))
        }
    }

    mutating func checkWebhooks(_ object: Fields, isMutating: Bool) {
        var names: Set<String> = []
        for (index, hook) in object.webhooks.list.enumerated() {
            let path = FieldPath("webhooks")[index]
            let name = hook.name.text
            if name.isEmpty {
                add(.required(path["name"]))
            } else {
                let problems = NameRules.subdomain(name)
                if !problems.isEmpty {
                    add(.invalid(path["name"], .string(name), problems.joined(separator: ",")))
                } else if name.split(separator: ".").count < 3 {
                    add(
                        .invalid(
                            path["name"], .string(name),
                            "should be a domain with at least three segments separated by dots"))
                }
                if !names.insert(name).inserted { add(.duplicate(path["name"], .string(name))) }
            }
            checkRules(hook.rules, path["rules"])
            if hook.failurePolicy.exists { checkChoice(hook.failurePolicy, path["failurePolicy"], ["Fail", "Ignore"]) }
            if hook.matchPolicy.exists { checkChoice(hook.matchPolicy, path["matchPolicy"], ["Equivalent", "Exact"]) }
            checkChoice(hook.sideEffects, path["sideEffects"], ["None", "NoneOnDryRun"])
            if let seconds = hook.timeoutSeconds.number, !(1...30).contains(seconds) {
                add(
                    .invalid(
                        path["timeoutSeconds"], hook.timeoutSeconds.value,
                        "the timeout value must be between 1 and 30 seconds"))
            }
            checkLabelSelector(hook.namespaceSelector, path["namespaceSelector"])
            checkLabelSelector(hook.objectSelector, path["objectSelector"])
            checkWebhookClient(hook.clientConfig, path["clientConfig"])
            if hook.admissionReviewVersions.list.isEmpty {
                add(
                    .required(
                        path["admissionReviewVersions"], "must specify one of v1, v1beta1"))
            } else if !hook.admissionReviewVersions.list.contains(where: { ["v1", "v1beta1"].contains($0.text) }) {
                add(
                    .invalid(
                        path["admissionReviewVersions"], hook.admissionReviewVersions.value,
                        "must include at least one of v1, v1beta1"))
            }
            if isMutating, hook.reinvocationPolicy.exists {
                checkChoice(hook.reinvocationPolicy, path["reinvocationPolicy"], ["IfNeeded", "Never"])
            }
        }
    }

    private mutating func checkRules(_ rules: Fields, _ path: FieldPath) {
        for (index, rule) in rules.list.enumerated() {
            for field in ["operations", "apiGroups", "apiVersions", "resources"] where rule[field].list.isEmpty {
                add(.required(path[index][field]))
            }
            let operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"]
            for (position, operation) in rule.operations.list.enumerated() {
                checkChoice(operation, path[index]["operations"][position], operations)
            }
            if rule.scope.exists { checkChoice(rule.scope, path[index]["scope"], ["*", "Cluster", "Namespaced"]) }
        }
    }

    private mutating func checkWebhookClient(_ client: Fields, _ path: FieldPath) {
        switch (client.url.exists, client.service.exists) {
        case (true, true), (false, false):
            add(.required(path, "exactly one of url or service is required"))
        case (true, false):
            if !client.url.text.hasPrefix("https://") {
                add(.invalid(path["url"], client.url.value, "'https' is the only allowed URL scheme\(Self.urlHint)"))
            }
        case (false, true):
            for field in ["name", "namespace"] where client.service[field].text.isEmpty {
                add(
                    .required(
                        path["service"][field],
                        field == "name" ? "service name is required" : "service namespace is required"))
            }
            if let port = client.service.port.number, !(1...65535).contains(port) {
                add(
                    .invalid(
                        path["service"]["port"], client.service.port.value,
                        "port is not valid: must be between 1 and 65535, inclusive"))
            }
        }
    }

    private static let urlHint = "; desired format: https://host[/path]"
}
