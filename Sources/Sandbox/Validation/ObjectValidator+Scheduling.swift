// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Where pods may run: tolerations, affinity, spread.
extension ObjectValidator {
    mutating func checkTolerations(_ tolerations: Fields, _ path: FieldPath) {
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

    mutating func checkAffinity(_ affinity: Fields, _ path: FieldPath) {
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
            checkExpression(expression, path["matchExpressions"][index], comparesNumbers: true)
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

    mutating func checkTopologySpread(_ constraints: Fields, _ path: FieldPath) {
        for (index, constraint) in constraints.list.enumerated() {
            if (constraint.maxSkew.number ?? 0) <= 0 {
                add(.invalid(path[index]["maxSkew"], constraint.maxSkew.value ?? 0, "must be greater than zero"))
            }
            if constraint.topologyKey.text.isEmpty { add(.required(path[index]["topologyKey"], "can not be empty")) }
            checkChoice(
                constraint.whenUnsatisfiable, path[index]["whenUnsatisfiable"], ["DoNotSchedule", "ScheduleAnyway"])
        }
    }
}
