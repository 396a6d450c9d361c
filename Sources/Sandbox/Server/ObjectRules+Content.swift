// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

// What is said about the content of an object: its decoding, its defaults, what is wrong with it.
extension ObjectRules {
    private var kind: BuiltInTypes.Kind { BuiltInTypes.Kind(apiVersion: resource.groupVersion, kind: resource.kind) }

    private var decoder: ObjectDecoder {
        ObjectDecoder(apiVersion: resource.groupVersion, kind: resource.kind, schema: schema)
    }

    /// The schema of a custom resource; nil for built-in kinds.
    private var structuralSchema: StructuralSchema? { resource.definition?.version(resource.version)?.structuralSchema }

    /// The object a client sent as JSON, as the server reads it, and what the client should know about it.
    func decode(_ bytes: [UInt8], options: WriteOptions) throws -> (object: Value, warnings: [String]) {
        var (object, warnings) = try decoder.decode(bytes, fieldValidation: options.fieldValidation)
        if resource.groupResource == .customResourceDefinitions {
            for version in object[path: "spec", "versions"]?.array ?? [] {
                guard let warning = StructuralSchema(version[path: "schema", "openAPIV3Schema"]).warning else {
                    continue
                }
                warnings.append(warning)
            }
        }
        if let caution = Self.cautions[resource.groupResource] { warnings.append(caution) }
        return (object, warnings)
    }

    /// What a real server would do with objects of a kind and the sandbox does not: nobody shall believe otherwise.
    private static let cautions: [GroupResource: String] = [
        GroupResource("mutatingwebhookconfigurations", group: "admissionregistration.k8s.io"):
            "admission webhooks are not called by the sandbox",
        GroupResource("validatingwebhookconfigurations", group: "admissionregistration.k8s.io"):
            "admission webhooks are not called by the sandbox",
        GroupResource("limitranges"): "limit ranges are not enforced by the sandbox",
        .horizontalPodAutoscalers: "horizontal pod autoscalers do nothing in the sandbox",
    ]

    /// The object a patch made, as the server reads it, and what the client should know about it.
    ///
    /// `shown` is the patch as an error shows it.
    func decode(
        patched object: Value, shown: String, options: WriteOptions
    ) throws -> (object: Value, warnings: [String]) {
        guard object.mapping != nil else { throw StatusError.unprocessablePatch() }
        return try decoder.check(patched: object, fieldValidation: options.fieldValidation, shown: shown)
    }

    /// The object with everything filled in that was left out.
    func defaulted(_ object: Value) -> Value {
        if let structuralSchema { return structuralSchema.defaulted(structuralSchema.pruned(object)) }
        var object = object
        ObjectDefaults.fill(&object, kind: kind)
        return object.normalized(as: schema)
    }

    /// Whether the object may be written.
    func validate(_ object: Value, replacing old: Value?) throws {
        var errors: [FieldError]
        if let old {
            // The content of a status is the controllers' own business.
            let isWhole = structuralSchema == nil && (subresource.isEmpty || subresource == "scale")
            errors = ObjectValidator.update(object, from: old, kind: isWhole ? kind : .custom)
        } else {
            errors = ObjectValidator.create(
                object, kind: structuralSchema == nil ? kind : .custom, isNamespaced: resource.isNamespaced)
        }
        if let structuralSchema { errors += structuralSchema.problems(in: object) }
        guard errors.isEmpty else {
            throw StatusError.invalid(object, apiVersion: resource.groupVersion, kind: resource.kind, errors)
        }
    }
}
