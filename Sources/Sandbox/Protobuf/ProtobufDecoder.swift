// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Reads objects in the protobuf encoding that newer clients send for built-in kinds.
///
/// The numbers of the fields are those of the table of built-in types. What Go writes though it is zero is read back as it
/// stands and dropped when the object is normalized.
struct ProtobufDecoder {
    private static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]
    private static let depthLimit = 100

    private var known: [ObjectIdentifier: ProtobufFields] = [:]

    /// Reads a request body: four bytes, then an envelope with the API version, the kind and the object.
    ///
    /// Throws a `StatusError`: 400 for what is no such body or none of a kind that is known.
    static func decode(_ body: [UInt8]) throws(StatusError) -> Value {
        do {
            return try decodeEnvelope(body)
        } catch let error as ProtobufError {
            throw .badRequest("couldn't get version/kind; proto decode error: \(error)")
        } catch let error as StatusError {
            throw error
        } catch {
            throw .badRequest("\(error)")
        }
    }

    private static func decodeEnvelope(_ body: [UInt8]) throws -> Value {
        guard body.starts(with: magic) else {
            throw ProtobufError(description: "provided data does not appear to be a protobuf message")
        }
        var apiVersion = ""
        var kind = ""
        var raw: ArraySlice<UInt8> = []
        var reader = ProtobufReader(body[4...])
        while let (number, content) = try reader.next() {
            guard case .bytes(let bytes) = content else { continue }
            switch number {
            case 1:
                var inner = ProtobufReader(bytes)
                while let (number, content) = try inner.next() {
                    guard case .bytes(let text) = content else { continue }
                    if number == 1 { apiVersion = try validText(text) }
                    if number == 2 { kind = try validText(text) }
                }
            case 2: raw = bytes
            default: break
            }
        }
        // Options of a deletion come under whatever version the client deletes from.
        let schema =
            kind == "DeleteOptions"
            ? BuiltInTypes.schema(apiVersion: "meta.k8s.io/v1", kind: kind)
            : BuiltInTypes.schema(apiVersion: apiVersion, kind: kind)
        guard let schema, let object = schema.object else {
            let version = Value.string(apiVersion).jsonString()
            throw StatusError.badRequest(
                "no kind \(Value.string(kind).jsonString()) is registered for version \(version) in scheme "
                    + "\"pkg/api/legacyscheme/scheme.go:30\"")
        }
        var decoder = ProtobufDecoder()
        var fields = try decoder.message(raw, object, depth: 0)
        fields["apiVersion"] = .string(apiVersion)
        fields["kind"] = .string(kind)
        return Value.mapping(fields).normalized(as: schema)
    }

    private mutating func message(
        _ bytes: ArraySlice<UInt8>, _ object: ObjectSchema, depth: Int
    ) throws(ProtobufError) -> Mapping {
        guard depth < Self.depthLimit else { throw ProtobufError(description: "proto: message is nested too deeply") }
        let fields: ProtobufFields
        if let found = known[ObjectIdentifier(object)] {
            fields = found
        } else {
            fields = ProtobufFields(object)
            known[ObjectIdentifier(object)] = fields
        }
        var result = Mapping()
        try read(bytes, fields, into: &result, depth: depth)
        return result
    }

    private mutating func read(
        _ bytes: ArraySlice<UInt8>, _ fields: ProtobufFields, into result: inout Mapping, depth: Int
    ) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let (number, content) = try reader.next() {
            switch fields.entries[number] {
            case nil: continue
            case .embedded(let inner):
                guard case .bytes(let bytes) = content else { throw Self.mismatch(number) }
                try read(bytes, inner, into: &result, depth: depth + 1)
            case .field(let name, let type):
                switch type.shape {
                case .list(let list):
                    var elements = result[name]?.array ?? []
                    elements += try self.elements(content, list.element, number, depth: depth)
                    result[name] = .array(elements)
                case .object(let map) where map.isMap && !Self.isRaw(map):
                    var entries = result[name] ?? [:]
                    try entry(content, map, into: &entries, number, depth: depth)
                    result[name] = entries
                default:
                    if let value = try value(content, type, number, depth: depth + 1) { result[name] = value }
                }
            }
        }
    }

    /// Whether this is any JSON object rather than a map of a certain type.
    private static func isRaw(_ map: ObjectSchema) -> Bool {
        guard case .any = map.additional?.ownShape else { return false }
        return true
    }

    private static func mismatch(_ number: Int) -> ProtobufError {
        ProtobufError(description: "proto: wrong wireType for field \(number)")
    }

    /// The elements that one field adds to a list: one, or several numbers packed into bytes.
    private mutating func elements(
        _ content: ProtobufReader.Content, _ element: TypeSchema, _ number: Int, depth: Int
    ) throws(ProtobufError) -> [Value] {
        if case .bytes(let packed) = content, case .scalar(let scalar) = element.shape,
            [.int32, .int64, .bool].contains(scalar)
        {
            var reader = ProtobufReader(packed)
            var values: [Value] = []
            while !reader.isAtEnd {
                if let value = try value(.varint(try reader.varint()), element, number, depth: depth) {
                    values.append(value)
                }
            }
            return values
        }
        return [try value(content, element, number, depth: depth + 1) ?? .null]
    }

    private mutating func entry(
        _ content: ProtobufReader.Content, _ map: ObjectSchema, into entries: inout Value, _ number: Int, depth: Int
    ) throws(ProtobufError) {
        guard case .bytes(let bytes) = content, let type = map.additional else { throw Self.mismatch(number) }
        var key = ""
        var value: Value?
        var reader = ProtobufReader(bytes)
        while let (part, content) = try reader.next() {
            guard case .bytes(let bytes) = content else {
                value = try self.value(content, type, number, depth: depth + 1)
                continue
            }
            if part == 1 {
                key = try Self.validText(bytes)
            } else if case .list(let list) = type.shape {
                // A list under a key is a message that repeats its only field.
                var items: [Value] = []
                var inner = ProtobufReader(bytes)
                while let (_, content) = try inner.next() {
                    items += try elements(content, list.element, number, depth: depth + 1)
                }
                value = .array(items)
            } else {
                value = try self.value(content, type, number, depth: depth + 1)
            }
        }
        entries[key] = value ?? ""
    }

    /// A value that stands alone; nil for one that was not given.
    private mutating func value(
        _ content: ProtobufReader.Content, _ type: TypeSchema, _ number: Int, depth: Int
    ) throws(ProtobufError) -> Value? {
        switch (type.shape, content) {
        case (.scalar(let scalar), _): return try Self.scalar(content, scalar, number)
        case (.object(let object), .bytes(let bytes)):
            if object.isMap { return try Self.raw(bytes) }
            return .mapping(try message(bytes, object, depth: depth))
        case (.any, .bytes(let bytes)): return try Self.raw(bytes)
        default: throw Self.mismatch(number)
        }
    }

    /// A document of JSON inside a message, in its first field.
    private static func raw(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> Value? {
        var reader = ProtobufReader(bytes)
        while let (number, content) = try reader.next() {
            guard number == 1, case .bytes(let json) = content, !json.isEmpty else { continue }
            do {
                return try Value(json: Array(json))
            } catch {
                throw ProtobufError(description: "\(error)")
            }
        }
        return nil
    }
}
