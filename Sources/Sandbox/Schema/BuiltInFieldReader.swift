// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Reads one field of a line of the built-in table.
struct BuiltInFieldReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { rest = text }

    private struct ParsedType {
        var type: TypeSchema
        var element: TypeSchema?
        var goName: String?
    }

    mutating func field() -> (String, FieldSchema) {
        var path: [Int] = []
        if let first = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
            path = take(until: ":").split(separator: ".").compactMap { Int($0) }
        }
        let name = take(until: ":")
        let parsed = type()
        var type = parsed.type
        var presence = FieldSchema.Presence.omittedWhenZero
        var isRequired = false
        var patch = PatchStrategy()
        var keyDefault: Value?
        while let mark = rest.popFirst() {
            switch Character(UnicodeScalar(mark)) {
            case "*": presence = .optional
            case "=": presence = .always
            case "!": isRequired = true
            case "^":
                if case .object(let map) = type.ownShape {
                    type = TypeSchema(.object(ObjectSchema(name: map.name, additional: map.additional, isAtomic: true)))
                }
            case "@":
                let keys = word().split(separator: ",").map(String.init)
                if let element = parsed.element {
                    let kind: ListSchema.Kind = keys.isEmpty ? .set : .map(keys: keys)
                    type = TypeSchema(.list(ListSchema(element: element, kind: kind, name: parsed.goName)))
                }
            case "%": patch = strategy()
            case "$": keyDefault = .string(word())
            default: break
            }
        }
        if keyDefault == nil, presence == .always, case .scalar(let scalar) = type.ownShape {
            switch scalar {
            case .string: keyDefault = ""
            case .int32, .int64: keyDefault = 0
            default: break
            }
        }
        return (
            name,
            FieldSchema(
                type: type, presence: presence, isRequired: isRequired, patch: patch, keyDefault: keyDefault,
                protobufPath: path)
        )
    }

    private mutating func strategy() -> PatchStrategy {
        var patch = PatchStrategy()
        switch rest.first {
        case UInt8(ascii: "-"):
            rest.removeFirst()
            patch.retainsKeys = true
            return patch
        case UInt8(ascii: "="):
            rest.removeFirst()
            patch.replaces = true
            return patch
        case UInt8(ascii: "%"):
            rest.removeFirst()
            patch.retainsKeys = true
        default: break
        }
        patch.mergesElements = true
        let key = word()
        patch.mergeKey = key.isEmpty ? nil : key
        return patch
    }

    private mutating func type() -> ParsedType {
        guard let letter = rest.first else { return ParsedType(type: .unknown) }
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(letter) {
            return ParsedType(type: TypeSchema(builtIn: Int(word()) ?? 0))
        }
        rest.removeFirst()
        switch Character(UnicodeScalar(letter)) {
        case "[":
            let name = containerName()
            let element = type().type
            return ParsedType(
                type: TypeSchema(.list(ListSchema(element: element, name: name))), element: element, goName: name)
        case "{":
            let name = containerName()
            return ParsedType(type: TypeSchema(.object(ObjectSchema(name: name ?? "", additional: type().type))))
        case "r": return ParsedType(type: TypeSchema(.object(ObjectSchema(additional: .unknown, isAtomic: true))))
        case "v", "j": return ParsedType(type: TypeSchema(.any(isAtomic: true)))
        case let letter:
            let name = word()
            return ParsedType(type: TypeSchema(.scalar(Self.scalar(letter, name: name.isEmpty ? nil : name))))
        }
    }

    private static func scalar(_ letter: Character, name: String?) -> ScalarType {
        switch letter {
        case "i": .int32
        case "l": .int64
        case "d": .double
        case "o": .bool
        case "q": .quantity
        case "x": .intOrString
        case "t": .time
        case "u": .microTime
        case "y": .bytes
        default: .string(name: name)
        }
    }

    /// The name before a bar, when the type begins with one.
    private mutating func containerName() -> String? {
        guard let first = rest.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else { return nil }
        return take(until: "|")
    }

    private mutating func take(until end: Character) -> String {
        let taken = rest.prefix { $0 != end.asciiValue }
        rest = rest.dropFirst(taken.count + 1)
        return String(decoding: taken, as: UTF8.self)
    }

    /// Letters, digits and commas.
    private mutating func word() -> String {
        let taken = rest.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ","):
                true
            default: false
            }
        }
        rest = rest.dropFirst(taken.count)
        return String(decoding: taken, as: UTF8.self)
    }
}
