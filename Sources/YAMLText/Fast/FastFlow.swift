// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Reads a flow collection that ends on its line: `[]`, `{app: x}`, `["a", "b"]`.
struct FastFlow {
    let text: UnsafeBufferPointer<UInt8>
    /// The offset of what is read next.
    var position: Int
    let end: Int
    var depth: Int

    mutating func value() throws(FastReader.Unsupported) -> Value {
        guard position < end else { throw FastReader.Unsupported() }
        switch text[position] {
        case UInt8(ascii: "["): return .array(try list())
        case UInt8(ascii: "{"): return .mapping(try mapping())
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try quoted())
        default: return try FastReader.resolve(word())
        }
    }

    private mutating func list() throws(FastReader.Unsupported) -> [Value] {
        try open()
        var result: [Value] = []
        if try close(UInt8(ascii: "]")) { return result }
        while true {
            result.append(try value())
            skipBlanks()
            if try close(UInt8(ascii: "]")) { return result }
            try comma()
        }
    }

    private mutating func mapping() throws(FastReader.Unsupported) -> Mapping {
        try open()
        var result = Mapping()
        if try close(UInt8(ascii: "}")) { return result }
        while true {
            let key = try key()
            guard position + 1 < end, text[position] == UInt8(ascii: ":"), text[position + 1] == UInt8(ascii: " ")
            else {
                throw FastReader.Unsupported()
            }
            position += 1
            skipBlanks()
            result[key] = try value()
            skipBlanks()
            if try close(UInt8(ascii: "}")) { return result }
            try comma()
        }
    }

    private mutating func key() throws(FastReader.Unsupported) -> String {
        guard position < end else { throw FastReader.Unsupported() }
        if text[position] == UInt8(ascii: "\"") || text[position] == UInt8(ascii: "'") { return try quoted() }
        let key = try word()
        guard case .string = ScalarResolver.resolve(key) else { throw FastReader.Unsupported() }
        return key
    }

    /// A plain scalar of letters, digits and what means nothing to YAML.
    private mutating func word() throws(FastReader.Unsupported) -> String {
        let start = position
        while position < end, FastReader.isWord(text[position]) { position += 1 }
        guard position > start, text[start] != UInt8(ascii: "-"), position - start <= 128 else {
            throw FastReader.Unsupported()
        }
        return String(decoding: UnsafeBufferPointer(rebasing: text[start..<position]), as: UTF8.self)
    }

    private mutating func quoted() throws(FastReader.Unsupported) -> String {
        let (string, after) = try FastReader(text, depth: 0).quoted(position, end)
        guard after - position <= 256 else { throw FastReader.Unsupported() }
        position = after
        return string
    }

    private mutating func open() throws(FastReader.Unsupported) {
        guard depth > 0 else { throw FastReader.Unsupported() }
        depth -= 1
        position += 1
        skipBlanks()
    }

    private mutating func close(_ bracket: UInt8) throws(FastReader.Unsupported) -> Bool {
        guard position < end else { throw FastReader.Unsupported() }
        guard text[position] == bracket else { return false }
        position += 1
        depth += 1
        return true
    }

    private mutating func comma() throws(FastReader.Unsupported) {
        guard text[position] == UInt8(ascii: ",") else { throw FastReader.Unsupported() }
        position += 1
        skipBlanks()
    }

    private mutating func skipBlanks() {
        while position < end, text[position] == UInt8(ascii: " ") { position += 1 }
    }
}
