// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Turns the body of a create or an update into an object of a kind, as strictly as the API server.
struct ObjectDecoder {
    /// The API version that the request's path names.
    let apiVersion: String
    /// The kind that the request's path names.
    let kind: String
    /// The type of the kind.
    let schema: TypeSchema

    /// Reads a JSON body.
    ///
    /// A built-in object that leaves apiVersion and kind out gets them. Returns the normalized object and the warnings for
    /// unknown and repeated fields; throws 400 for what cannot be decoded and, when strict, for those fields.
    func decode(
        _ bytes: [UInt8], fieldValidation: FieldValidation
    ) throws(StatusError) -> (object: Value, warnings: [String]) {
        var object: Value
        do {
            object = try Value(json: bytes)
        } catch {
            throw .badRequest("couldn't get version/kind; json parse error: \(GoJSON.message(error, in: bytes))")
        }
        try checkIdentity(&object)
        if let problem = TypeCheck.problem(in: object, as: schema) { throw unhandled(problem) }
        var warnings: [String] = []
        if fieldValidation != .ignore {
            warnings = StrictScanner.problems(in: bytes, as: schema)
            if fieldValidation == .strict, !warnings.isEmpty {
                throw unhandled("strict decoding error: " + warnings.joined(separator: ", "))
            }
        }
        return (object.normalized(as: schema), warnings)
    }

    /// Checks an object that was made by a patch from one that is stored, and normalizes it.
    ///
    /// Throws 422 for types that do not fit and, when strict, for unknown fields. `shown` is the patch as the error shows it.
    func check(
        patched object: Value, fieldValidation: FieldValidation, shown: String, duplicates: [String] = []
    ) throws(StatusError) -> (object: Value, warnings: [String]) {
        func refusal(_ problem: String) -> StatusError {
            .invalid(
                group: "", kind: "", name: "", [.invalid(FieldPath("patch"), .string(shown), problem)])
        }
        if let problem = TypeCheck.problem(in: object, as: schema) { throw refusal(problem) }
        var warnings: [String] = []
        if fieldValidation != .ignore {
            warnings = duplicates + StrictScanner.problems(in: object.json(), as: schema)
            if fieldValidation == .strict, !warnings.isEmpty {
                throw refusal("strict decoding error: " + warnings.joined(separator: ", "))
            }
        }
        return (object.normalized(as: schema), warnings)
    }

    private func checkIdentity(_ object: inout Value) throws(StatusError) {
        guard case .mapping = object else {
            throw .badRequest(
                "couldn't get version/kind; json parse error: json: cannot unmarshal \(object.goKind) into Go value of type "
                    + "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
                    + "\"json:\\\"kind,omitempty\\\"\" }")
        }
        let isBuiltIn = schema.rules == nil
        for (field, expected) in [("apiVersion", apiVersion), ("kind", kind)] where object[field]?.string ?? "" == "" {
            guard isBuiltIn else {
                let name = field == "kind" ? "Kind" : "apiVersion"
                throw .badRequest("Object '\(name)' is missing in '\(object.jsonString())'")
            }
            object[field] = .string(expected)
        }
        let version = object["apiVersion"]?.string ?? ""
        let sent = object["kind"]?.string ?? ""
        guard version == apiVersion else {
            throw .badRequest(
                "the API version in the data (\(version)) does not match the expected API version (\(apiVersion))")
        }
        guard sent == kind else {
            let parts = apiVersion.split(separator: "/")
            let group = parts.count > 1 ? parts[0].split(separator: ".").first.map(String.init) ?? "" : "core"
            let shortVersion = parts.last.map(String.init) ?? ""
            throw .badRequest(
                "\(sent) in version \(Value.string(shortVersion).jsonString()) cannot be handled as a \(kind): converting "
                    + "(\(shortVersion).\(sent)) to (\(group).\(kind)): unknown conversion")
        }
    }

    private func unhandled(_ problem: String) -> StatusError {
        let version = apiVersion.split(separator: "/").last.map(String.init) ?? ""
        return .badRequest(
            "\(kind) in version \(Value.string(version).jsonString()) cannot be handled as a \(kind): \(problem)")
    }
}
