// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    private static let spec = FieldPath("spec")

    mutating func checkDeployment(_ object: Fields, old: Fields?) {
        let (spec, path) = (object.spec, Self.spec)
        checkNonNegative(spec.replicas, path["replicas"])
        checkSelector(spec.selector, path["selector"], "empty selector is invalid for deployment")
        checkSelectedTemplate(spec.template, selector: spec.selector, path["template"])
        checkDeploymentStrategy(spec.strategy, path["strategy"])
        checkNonNegative(spec.minReadySeconds, path["minReadySeconds"])
        checkNonNegative(spec.revisionHistoryLimit, path["revisionHistoryLimit"])
        if let deadline = spec.progressDeadlineSeconds.number {
            checkNonNegative(spec.progressDeadlineSeconds, path["progressDeadlineSeconds"])
            if deadline <= spec.minReadySeconds.number ?? 0 {
                add(
                    .invalid(
                        path["progressDeadlineSeconds"], spec.progressDeadlineSeconds.value,
                        "must be greater than minReadySeconds"))
            }
        }
        if let old { checkImmutable(spec.selector, old.spec.selector, path["selector"]) }
    }

    mutating func checkReplicaSet(_ object: Fields, old: Fields?) {
        let (spec, path) = (object.spec, Self.spec)
        checkNonNegative(spec.replicas, path["replicas"])
        checkNonNegative(spec.minReadySeconds, path["minReadySeconds"])
        checkSelector(spec.selector, path["selector"], "empty selector is invalid for deployment")
        checkSelectedTemplate(spec.template, selector: spec.selector, path["template"])
        if let old { checkImmutable(spec.selector, old.spec.selector, path["selector"]) }
    }

    mutating func checkReplicationController(_ object: Fields) {
        let (spec, path) = (object.spec, Self.spec)
        checkNonNegative(spec.minReadySeconds, path["minReadySeconds"])
        if spec.selector.entries.isEmpty { add(.required(path["selector"])) }
        checkNonNegative(spec.replicas, path["replicas"])
        guard spec.template.exists else { return add(.required(path["template"])) }
        let labels = spec.template.metadata.labels
        if !spec.selector.entries.allSatisfy({ labels.entries[$0.key] == $0.value }) {
            add(
                .invalid(
                    path["template"]["metadata"]["labels"], labels.value ?? [:],
                    "`selector` does not match template `labels`"))
        }
        checkTemplate(spec.template, path["template"])
        checkAlwaysRestarts(spec.template, path["template"])
    }

    mutating func checkDaemonSet(_ object: Fields, old: Fields?) {
        let (spec, path) = (object.spec, Self.spec)
        checkSelector(spec.selector, path["selector"], "empty selector is invalid for daemonset")
        checkSelectedTemplate(spec.template, selector: spec.selector, path["template"])
        checkNonNegative(spec.minReadySeconds, path["minReadySeconds"])
        let (strategy, strategyPath) = (spec.updateStrategy, path["updateStrategy"])
        if !["OnDelete", "RollingUpdate"].contains(strategy.type.text) {
            add(.notSupported(strategyPath["type"], strategy.type.value ?? "", ["RollingUpdate", "OnDelete"]))
        } else if strategy.type.text == "RollingUpdate" {
            guard strategy.rollingUpdate.exists else { return add(.required(strategyPath["rollingUpdate"])) }
            checkIntOrPercent(strategy.rollingUpdate.maxUnavailable, strategyPath["rollingUpdate"]["maxUnavailable"])
            checkIntOrPercent(strategy.rollingUpdate.maxSurge, strategyPath["rollingUpdate"]["maxSurge"])
        }
        checkNonNegative(spec.revisionHistoryLimit, path["revisionHistoryLimit"])
        if let old { checkImmutable(spec.selector, old.spec.selector, path["selector"]) }
    }

    mutating func checkStatefulSet(_ object: Fields, old: Fields?) {
        let (spec, path) = (object.spec, Self.spec)
        if let old { checkStatefulSetUpdate(spec, old: old.spec) }
        let policy = spec.podManagementPolicy
        if policy.text.isEmpty {
            add(.required(path["podManagementPolicy"]))
        } else if !["OrderedReady", "Parallel"].contains(policy.text) {
            add(.invalid(path["podManagementPolicy"], policy.value, "must be 'OrderedReady' or 'Parallel'"))
        }
        let (strategy, strategyPath) = (spec.updateStrategy, path["updateStrategy"])
        switch strategy.type.text {
        case "": add(.required(strategyPath))
        case "OnDelete":
            if strategy.rollingUpdate.exists {
                add(
                    .invalid(
                        strategyPath["rollingUpdate"], strategy.rollingUpdate.value,
                        "only allowed for updateStrategy 'RollingUpdate'"))
            }
        case "RollingUpdate":
            checkNonNegative(strategy.rollingUpdate.partition, strategyPath["rollingUpdate"]["partition"])
        default: add(.invalid(strategyPath, strategy.value, "must be 'RollingUpdate' or 'OnDelete'"))
        }
        let retention = spec.persistentVolumeClaimRetentionPolicy
        for field in ["whenDeleted", "whenScaled"] where retention.exists {
            checkChoice(
                retention[field], path["persistentVolumeClaimRetentionPolicy"][field], ["Delete", "Retain"])
        }
        checkNonNegative(spec.replicas, path["replicas"])
        checkNonNegative(spec.minReadySeconds, path["minReadySeconds"])
        checkNonNegative(spec.ordinals.start, path["ordinals"]["start"])
        checkSelector(spec.selector, path["selector"], "empty selector is invalid for statefulset")
        let claims = spec.volumeClaimTemplates.list.map(\.metadata.name.text)
        if spec.selector.exists {
            checkSelectedTemplate(
                spec.template, selector: spec.selector, path["template"], claimTemplates: claims)
        }
        for (index, claim) in spec.volumeClaimTemplates.list.enumerated() {
            checkClaimSpec(claim.spec, path["volumeClaimTemplates"][index]["spec"])
        }
    }

    private mutating func checkStatefulSetUpdate(_ new: Fields, old: Fields) {
        let changeable = [
            "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
        ]
        var (newRest, oldRest) = (new.entries, old.entries)
        for field in changeable {
            newRest.remove(field)
            oldRest.remove(field)
        }
        guard newRest != oldRest else { return }
        add(
            .forbidden(
                FieldPath("spec"),
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
                    + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
            ))
    }

    private mutating func checkDeploymentStrategy(_ strategy: Fields, _ path: FieldPath) {
        let rolling = strategy.rollingUpdate
        switch strategy.type.text {
        case "Recreate":
            if rolling.exists {
                add(
                    .forbidden(
                        path["rollingUpdate"], "may not be specified when strategy `type` is 'Recreate'"))
            }
        case "RollingUpdate":
            guard rolling.exists else {
                return add(.required(path["rollingUpdate"], "this should be defaulted and never be nil"))
            }
            checkIntOrPercent(rolling.maxUnavailable, path["rollingUpdate"]["maxUnavailable"])
            checkIntOrPercent(rolling.maxSurge, path["rollingUpdate"]["maxSurge"])
            if Self.isNone(rolling.maxUnavailable), Self.isNone(rolling.maxSurge) {
                add(
                    .invalid(
                        path["rollingUpdate"]["maxUnavailable"], rolling.maxUnavailable.value,
                        "may not be 0 when `maxSurge` is 0"))
            }
        default: add(.notSupported(path["type"], strategy.type.value ?? "", ["Recreate", "RollingUpdate"]))
        }
    }

    private static func isNone(_ amount: Fields) -> Bool { amount.number == 0 || amount.text == "0%" }

    /// Checks a selector that must be there and select something.
    mutating func checkSelector(_ selector: Fields, _ path: FieldPath, _ emptyMessage: String) {
        guard selector.exists else { return add(.required(path)) }
        checkLabelSelector(selector, path)
        if LabelMatch.isEmpty(selector) { add(.invalid(path, selector.value, emptyMessage)) }
    }

    /// Checks a template whose labels its owner's selector must select, and whose pods are always restarted.
    mutating func checkSelectedTemplate(
        _ template: Fields, selector: Fields, _ path: FieldPath, claimTemplates: [String] = []
    ) {
        if !LabelMatch.isEmpty(selector), !LabelMatch.matches(selector, template.metadata.labels.entries) {
            add(
                .invalid(
                    path["metadata"]["labels"], template.metadata.labels.value ?? [:],
                    "`selector` does not match template `labels`"))
        }
        checkTemplate(template, path, claimTemplates: claimTemplates)
        checkAlwaysRestarts(template, path)
    }

    private mutating func checkAlwaysRestarts(_ template: Fields, _ path: FieldPath) {
        let policy = template.spec.restartPolicy
        if policy.exists, policy.text != "Always" {
            add(.notSupported(path["spec"]["restartPolicy"], policy.value, ["Always"]))
        }
        if template.spec.activeDeadlineSeconds.exists {
            add(
                .forbidden(
                    path["spec"]["activeDeadlineSeconds"], "activeDeadlineSeconds in ReplicaSet is not Supported"))
        }
    }
}
