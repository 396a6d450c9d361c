// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A `fieldSelector` parameter: `metadata.name=x,status.phase!=Running`.
struct FieldQuery: Sendable {
    private struct Term: Sendable {
        let path: [String]
        let value: String
        let isNegated: Bool
    }

    private var terms: [Term] = []

    /// Whether every object passes.
    var isEmpty: Bool { terms.isEmpty }

    /// The name all objects that pass have, if the selector says so.
    var name: String? { terms.first { $0.path == ["metadata", "name"] && !$0.isNegated }?.value }

    /// The fields a kind can be selected by, beside name and namespace.
    private static let fields: [GroupResource: [String]] = [
        .pods: [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
            "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName",
        ],
        .events: [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
            "reportingComponent", "source", "type",
        ],
        .namespaces: ["status.phase"],
        .nodes: ["spec.unschedulable"],
        .secrets: ["type"],
        .services: ["spec.clusterIP", "spec.type"],
        .replicaSets: ["status.replicas"],
        .replicationControllers: ["status.replicas"],
        .jobs: ["status.successful"],
    ]

    /// Reads the text of a selector for a resource.
    init(_ text: String, for resource: APIResource) throws {
        for part in text.split(separator: ",") where !part.isEmpty {
            let isNegated = part.contains("!=")
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else {
                throw StatusError.badRequest("invalid selector: '\(text)'; can't understand '\(part)'")
            }
            let key = String(isNegated ? sides[0].dropLast() : sides[0])
            let value = String(sides[1].hasPrefix("=") ? sides[1].dropFirst() : sides[1])
            try Self.check(key, resource)
            terms.append(Term(path: key.split(separator: ".").map(String.init), value: value, isNegated: isNegated))
        }
    }

    private static func check(_ key: String, _ resource: APIResource) throws {
        let common = resource.isNamespaced ? ["metadata.name", "metadata.namespace"] : ["metadata.name"]
        if common.contains(key) { return }
        if let known = fields[resource.groupResource] {
            if known.contains(key) { return }
            throw StatusError.badRequest("field label not supported: \(key)")
        }
        let shown = ["metadata.name", "metadata.namespace"].map { "\"\($0)\"" }.joined(separator: ", ")
        throw StatusError.badRequest("\"\(key)\" is not a known field selector: only \(shown)")
    }

    func matches(_ object: Value) -> Bool {
        terms.allSatisfy { term in
            var path = term.path
            if path == ["source"] { path = ["source", "component"] }
            let found =
                switch object[path: path] {
                case .string(let text)?: text
                case .int(let number)?: "\(number)"
                case .bool(let flag)?: flag ? "true" : "false"
                case nil where path.last == "unschedulable" || path.last == "hostNetwork": "false"
                default: ""
                }
            return (found == term.value) != term.isNegated
        }
    }
}
