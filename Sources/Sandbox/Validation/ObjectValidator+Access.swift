// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    mutating func checkRole(_ object: Fields, isClusterScoped: Bool) {
        for (index, rule) in object.rules.list.enumerated() {
            let path = FieldPath("rules")[index]
            if rule.verbs.list.isEmpty { add(.required(path["verbs"], "verbs must contain at least one value")) }
            if !rule.nonResourceURLs.list.isEmpty {
                if !isClusterScoped {
                    add(
                        .invalid(
                            path["nonResourceURLs"], rule.nonResourceURLs.value,
                            "namespaced rules cannot apply to non-resource URLs"))
                }
                if !rule.apiGroups.list.isEmpty || !rule.resources.list.isEmpty || !rule.resourceNames.list.isEmpty {
                    add(
                        .invalid(
                            path["nonResourceURLs"], rule.nonResourceURLs.value,
                            "rules cannot apply to both regular resources and non-resource URLs"))
                }
                continue
            }
            if rule.apiGroups.list.isEmpty {
                add(.required(path["apiGroups"], "resource rules must supply at least one api group"))
            }
            if rule.resources.list.isEmpty {
                add(.required(path["resources"], "resource rules must supply at least one resource"))
            }
        }
        checkLabelSelectors(object.aggregationRule.clusterRoleSelectors)
    }

    private mutating func checkLabelSelectors(_ selectors: Fields) {
        for (index, selector) in selectors.list.enumerated() {
            checkLabelSelector(selector, FieldPath("aggregationRule")["clusterRoleSelectors"][index])
        }
    }

    mutating func checkBinding(_ object: Fields, old: Fields?, isClusterScoped: Bool) {
        if let old, old.roleRef.value != object.roleRef.value {
            add(.invalid(FieldPath("roleRef"), object.roleRef.value, "cannot change roleRef"))
        }
        let (role, path) = (object.roleRef, FieldPath("roleRef"))
        let group = "rbac.authorization.k8s.io"
        if role.apiGroup.text != group { add(.notSupported(path["apiGroup"], .string(role.apiGroup.text), [group])) }
        let kinds = isClusterScoped ? ["ClusterRole"] : ["ClusterRole", "Role"]
        if !kinds.contains(role.kind.text) { add(.notSupported(path["kind"], .string(role.kind.text), kinds)) }
        if role.name.text.isEmpty {
            add(.required(path["name"]))
        } else {
            check(NameRules.pathSegment(role.name.text), path["name"], .string(role.name.text))
        }
        for (index, subject) in object.subjects.list.enumerated() {
            checkSubject(subject, FieldPath("subjects")[index], isNamespaced: !isClusterScoped, group: group)
        }
    }

    private mutating func checkSubject(_ subject: Fields, _ path: FieldPath, isNamespaced: Bool, group: String) {
        if subject.name.text.isEmpty { add(.required(path["name"])) }
        switch subject.kind.text {
        case "ServiceAccount":
            if !subject.name.text.isEmpty {
                check(NameRules.subdomain(subject.name.text), path["name"], .string(subject.name.text))
            }
            if !subject.apiGroup.text.isEmpty { add(.notSupported(path["apiGroup"], subject.apiGroup.value, [""])) }
            if !isNamespaced, subject.namespace.text.isEmpty { add(.required(path["namespace"])) }
        case "User", "Group":
            if subject.apiGroup.text != group {
                add(.notSupported(path["apiGroup"], .string(subject.apiGroup.text), [group]))
            }
        default: add(.notSupported(path["kind"], .string(subject.kind.text), ["Group", "ServiceAccount", "User"]))
        }
    }
}
