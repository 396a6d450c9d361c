// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

// What is said about the content of an object: its decoding, its defaults, what is wrong with it.
extension ObjectRules {
    /// The object a client sent as JSON, as the server reads it, and what the client should know about it.
    func decode(_ bytes: [UInt8], options: WriteOptions) throws -> (object: Value, warnings: [String]) {
        let object: Value
        do { object = try Value(json: bytes) } catch {
            throw StatusError.badRequest(
                "couldn't get version/kind; json parse error: \(GoJSON.message(error, in: bytes))")
        }
        guard object.mapping != nil else {
            throw StatusError.badRequest(
                "couldn't get version/kind; json parse error: json: cannot unmarshal \(object.kindName) into Go value of type struct"
            )
        }
        try checkKind(of: object)
        return (object, [])
    }

    /// The object a patch made, as the server reads it, and what the client should know about it.
    func decode(patched object: Value, options: WriteOptions) throws -> (object: Value, warnings: [String]) {
        guard object.mapping != nil else { throw StatusError.unprocessablePatch() }
        return (object, [])
    }

    /// The object must be of the kind the path is of.
    func checkKind(of body: Value) throws {
        let kind = body["kind"]?.string ?? ""
        let apiVersion = body["apiVersion"]?.string ?? ""
        guard !kind.isEmpty || !apiVersion.isEmpty else { return }
        guard kind != resource.kind || apiVersion != resource.groupVersion else { return }
        if kind == resource.kind || resource.definition != nil {
            let expected = "\(resource.groupVersion), Kind=\(resource.kind)"
            throw StatusError.badRequest(
                "the API version in the data (\(apiVersion)) does not match the expected API version (\(expected.prefix { $0 != "," }))"
            )
        }
        let version = apiVersion.split(separator: "/").last ?? ""
        let package = resource.group.isEmpty ? "core" : resource.group.prefix { $0 != "." }
        throw StatusError.badRequest(
            "\(kind) in version \"\(version)\" cannot be handled as a \(resource.kind): converting "
                + "(\(version).\(kind)) to (\(package).\(resource.kind)): unknown conversion")
    }

    /// The object with everything filled in that was left out.
    func defaulted(_ object: Value) -> Value { object }

    /// Whether the object may be written.
    func validate(_ object: Value, replacing old: Value?) throws {}
}
