// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What pods of the modules and of training jobs have in common.
extension PlanSchema {
    static func resources(default standard: Value? = nil, _ summary: String) -> Field {
        Field(
            "resources",
            .object([
                Field("requests", .dictionary(key: .resource, value: .text(.quantity)), "what a pod is promised"),
                Field("limits", .dictionary(key: .resource, value: .text(.quantity)), "what a pod may use at most"),
            ]), default: standard, summary, fillsDefaults: false)
    }

    static let nodeSelector = Field(
        "nodeSelector", .dictionary(key: .labelKey, value: .text(.labelValue)), default: [:],
        "labels of the nodes to run on")

    static let tolerations = Field(
        "tolerations",
        .list(
            .object([
                Field("key", .text(.labelKey), "the taint's key; none with operator: Exists = all taints"),
                Field("operator", .choice(["Equal", "Exists"]), "Equal by default"),
                Field("value", .text(.labelValue), "the taint's value"),
                Field(
                    "effect", .choice(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
                    "none = all"),
                Field("tolerationSeconds", .integer(0...Int64.max), "how long NoExecute is tolerated"),
            ])), default: [], "taints of nodes that do not matter")
}
