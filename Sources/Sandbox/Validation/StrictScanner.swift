// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Finds fields that a type does not have and keys that stand twice, in a text that is known to be JSON.
///
/// It reads the text and not the value, because a value keeps only the last of two equal keys.
struct StrictScanner {
    private let bytes: [UInt8]
    private var offset = 0
    private(set) var problems: [String] = []

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The problems in the order of the text: `unknown field "spec.foo"`, `duplicate field "data.a"`.
    static func problems(in bytes: [UInt8], as schema: TypeSchema) -> [String] {
        var scanner = StrictScanner(bytes)
        scanner.scan(schema, at: "")
        return scanner.problems
    }

    private mutating func scan(_ schema: TypeSchema?, at path: String) {
        switch next() {
        case UInt8(ascii: "{"): scanObject(schema, at: path)
        case UInt8(ascii: "["): scanArray(schema?.list?.element, at: path)
        case UInt8(ascii: "\""): skipString()
        default: skipLiteral()
        }
    }

    private mutating func scanObject(_ schema: TypeSchema?, at path: String) {
        offset += 1
        var seen: Set<String> = []
        while let byte = next(), byte != UInt8(ascii: "}") {
            if byte == UInt8(ascii: ",") {
                offset += 1
                continue
            }
            let start = offset
            skipString()
            let name = Self.text(bytes[start..<offset])
            _ = next()
            offset += 1
            let below = path.isEmpty ? name : "\(path).\(name)"
            let child = schema?.field(name)
            // Below an unknown field nothing is looked at, as in a decoder that skips it.
            let isUnknown = schema?.object != nil && child == nil
            if !seen.insert(name).inserted {
                problems.append("duplicate field \(Value.string(below).jsonString())")
            } else if isUnknown {
                problems.append("unknown field \(Value.string(below).jsonString())")
            }
            if isUnknown {
                var skipped = StrictScanner(bytes)
                skipped.offset = offset
                skipped.scan(nil, at: below)
                offset = skipped.offset
            } else {
                scan(child, at: below)
            }
        }
        offset += 1
    }

    private mutating func scanArray(_ element: TypeSchema?, at path: String) {
        offset += 1
        var index = 0
        while let byte = next(), byte != UInt8(ascii: "]") {
            if byte == UInt8(ascii: ",") {
                offset += 1
                continue
            }
            scan(element, at: "\(path)[\(index)]")
            index += 1
        }
        offset += 1
    }

    /// The next byte that is no white space; not consumed.
    private mutating func next() -> UInt8? {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): offset += 1
            default: return bytes[offset]
            }
        }
        return nil
    }

    private mutating func skipString() {
        offset += 1
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
            offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
        }
        offset += 1
    }

    private mutating func skipLiteral() {
        let start = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), UInt8(ascii: "\t"),
                UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                // A text that is no JSON after all must not hold the scanner up.
                if offset == start { offset += 1 }
                return
            default: offset += 1
            }
        }
    }

    /// The text of a JSON string with its quotes.
    private static func text(_ literal: ArraySlice<UInt8>) -> String {
        guard literal.contains(UInt8(ascii: "\\")) else {
            return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
        }
        do {
            return try Value(json: Array(literal)).string ?? ""
        } catch {
            return String(decoding: literal, as: UTF8.self)
        }
    }
}
