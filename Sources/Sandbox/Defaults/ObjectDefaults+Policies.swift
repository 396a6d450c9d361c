// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectDefaults {
    static func fillPolicies(_ object: inout Value, _ kind: BuiltInTypes.Kind) {
        switch kind.kind {
        case "NetworkPolicy": fillNetworkPolicy(&object)
        case "IngressClass":
            object.editIfPresent("spec") { $0.editIfPresent("parameters") { $0.fill("scope", "Cluster") } }
        case "HorizontalPodAutoscaler": fillAutoscaler(&object, apiVersion: kind.apiVersion)
        case "RoleBinding", "ClusterRoleBinding": fillBinding(&object)
        case "ValidatingWebhookConfiguration": object.editEach("webhooks") { fillWebhook(&$0) }
        case "MutatingWebhookConfiguration":
            object.editEach("webhooks") { hook in
                fillWebhook(&hook)
                hook.fill("reinvocationPolicy", "Never")
            }
        case "CustomResourceDefinition": fillDefinition(&object)
        case "APIService":
            object.editIfPresent("spec") { $0.editIfPresent("service") { $0.fill("port", 443) } }
        default: break
        }
    }

    private static func fillNetworkPolicy(_ object: inout Value) {
        object.edit("spec") { spec in
            for direction in ["ingress", "egress"] {
                spec.editEach(direction) { $0.editEach("ports") { $0.fill("protocol", "TCP") } }
            }
            let types: Value = spec["egress"]?.array?.isEmpty == false ? ["Ingress", "Egress"] : ["Ingress"]
            spec.fill("policyTypes", types)
        }
    }

    private static func fillAutoscaler(_ object: inout Value, apiVersion: String) {
        object.edit("spec") { spec in
            spec.fill("minReplicas", 1)
            guard apiVersion == "autoscaling/v2" else { return }
            spec.fill(
                "metrics",
                [
                    [
                        "type": "Resource",
                        "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]],
                    ]
                ])
            spec.editIfPresent("behavior") { behavior in
                behavior.edit("scaleUp") { fillScaling(&$0, window: 0, upwards: true) }
                behavior.edit("scaleDown") { fillScaling(&$0, window: nil, upwards: false) }
            }
        }
    }

    private static func fillScaling(_ rules: inout Value, window: Int64?, upwards: Bool) {
        if let window { rules.fill("stabilizationWindowSeconds", .int(window)) }
        rules.fill("selectPolicy", "Max")
        let percent: Value = ["type": "Percent", "value": 100, "periodSeconds": 15]
        rules.fill("policies", upwards ? [["type": "Pods", "value": 4, "periodSeconds": 15], percent] : [percent])
    }

    private static func fillBinding(_ object: inout Value) {
        let group: Value = "rbac.authorization.k8s.io"
        object.edit("roleRef") { role in
            if role["apiGroup"] == nil || role["apiGroup"] == "" { role["apiGroup"] = group }
        }
        object.editEach("subjects") { subject in
            if subject["kind"] == "User" || subject["kind"] == "Group" { subject.fill("apiGroup", group) }
        }
    }

    private static func fillWebhook(_ hook: inout Value) {
        hook.fill("failurePolicy", "Fail")
        hook.fill("matchPolicy", "Equivalent")
        hook.fill("namespaceSelector", [:])
        hook.fill("objectSelector", [:])
        hook.fill("timeoutSeconds", 10)
        hook.editEach("rules") { $0.fill("scope", "*") }
        hook.editIfPresent("clientConfig") { $0.editIfPresent("service") { $0.fill("port", 443) } }
    }

    private static func fillDefinition(_ object: inout Value) {
        object.edit("spec") { spec in
            spec.edit("names") { names in
                guard let kind = names["kind"]?.string, !kind.isEmpty else { return }
                names.fill("singular", .string(kind.lowercased()))
                names.fill("listKind", .string(kind + "List"))
            }
            spec.edit("conversion") { conversion in
                conversion.fill("strategy", "None")
                conversion.editIfPresent("webhook") { webhook in
                    webhook.editIfPresent("clientConfig") { $0.editIfPresent("service") { $0.fill("port", 443) } }
                }
            }
        }
    }
}
