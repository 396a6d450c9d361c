// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Values
import YAMLText

/// The CustomResourceDefinition of IflearnerJobs, as the chart has it.
enum JobDefinition {
    private static let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(4).joined(separator: "/")

    /// The chart's, below whose metadata nothing is templated.
    static func chart() throws -> KubernetesObject {
        let path = "\(repository)/templates/iflearner-flow/charts/operator/templates/customresourcedefinition.yaml"
        let lines = String(decoding: try FileBytes.read(path), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let spec = lines.drop { $0 != "spec:" }.prefix { !$0.hasPrefix("{{") }.joined(separator: "\n")
        return definition(try Value(yaml: Array(spec.utf8), file: path)["spec"] ?? .null)
    }

    /// One like upstream's: it knows some fields, and the server drops all others.
    static func upstream() throws -> KubernetesObject {
        var definition = try chart()
        guard var version = definition["spec", "versions"]?[0] else { return definition }
        let condition: Value = [
            "type": "object", "required": ["status", "type"],
            "properties": [
                "lastProbeTime": ["type": "string", "format": "date-time"],
                "lastTransitionTime": ["type": "string", "format": "date-time"], "message": ["type": "string"],
                "reason": ["type": "string"], "status": ["type": "string"], "type": ["type": "string"],
            ],
        ]
        version.set(
            [
                "type": "object",
                "properties": [
                    "phase": ["type": "string"], "message": ["type": "string"], "reason": ["type": "string"],
                    "conditions": ["type": "array", "items": condition],
                ],
            ], at: ["schema", "openAPIV3Schema", "properties", "status"])
        definition.value.set([version], at: ["spec", "versions"])
        return definition
    }

    /// One that lets everything in: what users write is checked by the controller alone.
    static func lax() throws -> KubernetesObject {
        var definition = try chart()
        guard var version = definition["spec", "versions"]?[0] else { return definition }
        version["schema"] = ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]]
        definition.value.set([version], at: ["spec", "versions"])
        return definition
    }

    private static func definition(_ spec: Value) -> KubernetesObject {
        var object = KubernetesObject(ObjectKey(.customResourceDefinition, name: "iflearnerjobs.git.iflytek.com"))
        object.value["spec"] = spec
        return object
    }
}
