// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Where the number of replicas stands in an object.
struct ScalePaths: Sendable {
    let specReplicas: [String]
    let statusReplicas: [String]
    /// The path of a text or of a label selector.
    let selector: [String]

    init(_ resource: APIResource) {
        func steps(_ key: String) -> [String]? {
            resource.definition?.version(resource.version)?.scale?[key]?.string?.split(separator: ".").map(String.init)
        }
        specReplicas = steps("specReplicasPath") ?? ["spec", "replicas"]
        statusReplicas = steps("statusReplicasPath") ?? ["status", "replicas"]
        selector = resource.definition == nil ? ["spec", "selector"] : steps("labelSelectorPath") ?? []
    }

    /// The `Scale` of an object.
    func scale(of object: Value) -> Value {
        var metadata = Mapping()
        for key in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[key] = object["metadata"]?[key]
        }
        var spec = Mapping()
        if let replicas = object[path: specReplicas], replicas != 0 { spec["replicas"] = replicas }
        var status: Mapping = ["replicas": object[path: statusReplicas] ?? 0]
        let selector = object[path: selector]
        if let text = selector?.string ?? selector.flatMap(Self.text(ofSelector:)), !text.isEmpty {
            status["selector"] = .string(text)
        }
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": .mapping(metadata), "spec": .mapping(spec),
            "status": .mapping(status),
        ]
    }

    /// A label selector as the text of a query.
    private static func text(ofSelector selector: Value) -> String? {
        guard let mapping = selector.mapping else { return nil }
        let isPlain = mapping.values.allSatisfy { $0.string != nil }
        let labels = isPlain ? mapping : selector["matchLabels"]?.mapping ?? Mapping()
        var parts = labels.sortedByKey.map { "\($0.key)=\($0.value.string ?? "")" }
        for expression in selector["matchExpressions"]?.array ?? [] {
            let key = expression["key"]?.string ?? ""
            let values = (expression["values"]?.array ?? []).compactMap(\.string).joined(separator: ",")
            switch expression["operator"]?.string {
            case "In": parts.append("\(key) in (\(values))")
            case "NotIn": parts.append("\(key) notin (\(values))")
            case "Exists": parts.append(key)
            case "DoesNotExist": parts.append("!\(key)")
            default: continue
            }
        }
        return parts.joined(separator: ",")
    }
}

extension APIServer {
    /// Changes the number of replicas; `change` makes a new `Scale` of the current one.
    func updateScale(
        _ target: ObjectTarget, options: WriteOptions, change: (Value) throws -> Value
    ) throws -> WriteResult {
        let paths = ScalePaths(target.resource)
        let rules = ObjectRules(target.resource, subresource: "scale")
        let result = try update(target, rules: rules, options: options) { current in
            let scale = try change(paths.scale(of: current.value))
            guard scale[path: "metadata", "name"]?.string ?? target.name == target.name else {
                throw StatusError.badRequest("the name of the object does not match the name on the URL")
            }
            let replicas = scale[path: "spec", "replicas"] ?? 0
            guard let count = replicas.int, replicas.double != nil else {
                throw StatusError.badRequest(
                    "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal \(replicas.kindName) "
                        + "into Go struct field ScaleSpec.spec.replicas of type int32")
            }
            guard (0...Int64(Int32.max)).contains(count) else {
                throw StatusError.invalid(
                    group: "autoscaling", kind: "Scale", name: target.name,
                    [.invalid(FieldPath("spec.replicas"), replicas, "must be greater than or equal to 0")])
            }
            var object = current.value
            object.set(.int(count), at: paths.specReplicas)
            if let revision = scale[path: "metadata", "resourceVersion"] {
                object.set(revision, at: ["metadata", "resourceVersion"])
            }
            return object
        }
        return WriteResult(object: paths.scale(of: result.object), warnings: result.warnings)
    }
}
