// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Values as TOML, as Go's BurntSushi encoder lays it out: plain entries first, tables after them, indented by two.
struct TOMLWriter {
    private var output = Bytes()

    /// The text; nil when the value is no table or holds what TOML cannot.
    static func encode(_ value: GoValue) -> Bytes? {
        guard case .map(let map) = value else { return nil }
        var writer = TOMLWriter()
        return writer.table(map, path: []) ? writer.output : nil
    }

    private mutating func table(_ map: GoMap, path: [Bytes]) -> Bool {
        let indentation = Bytes(repeating: 0x20, count: 2 * path.count)
        let entries = zip(map.keys, map.values).filter { !$0.1.isNil }
        for (key, value) in entries where !Self.isTable(value) {
            guard let text = Self.inline(value) else { return false }
            output += indentation + Self.key(key) + Bytes(" = ") + text + [0x0A]
        }
        for (key, value) in entries where Self.isTable(value) {
            guard nested(value, path: path + [Self.key(key)]) else { return false }
        }
        return true
    }

    private mutating func nested(_ value: GoValue, path: [Bytes]) -> Bool {
        let indentation = Bytes(repeating: 0x20, count: 2 * (path.count - 1))
        let name = path.joined(by: Bytes("."))
        switch value {
        case .map(let map):
            if path.count == 1, !output.isEmpty { output.append(0x0A) }
            output += indentation + Bytes("[") + name + Bytes("]\n")
            return table(map, path: path)
        case .list(let list):
            for item in list.items {
                guard case .map(let map) = item else { return false }
                if !output.isEmpty { output.append(0x0A) }
                output += indentation + Bytes("[[") + name + Bytes("]]\n")
                guard table(map, path: path) else { return false }
            }
            return true
        default: return false
        }
    }

    private static func isTable(_ value: GoValue) -> Bool {
        switch value {
        case .map: return true
        case .list(let list):
            return !list.items.isEmpty
                && list.items.allSatisfy { item in
                    if case .map = item { return true }
                    return false
                }
        default: return false
        }
    }

    private static func inline(_ value: GoValue) -> Bytes? {
        switch value {
        case .bool(let flag): return Bytes(flag ? "true" : "false")
        case .int, .int64, .uint64: return GoPrinter.bytes(value)
        case .float64(let number):
            guard number.isFinite else { return Bytes(number.isNaN ? "nan" : number < 0 ? "-inf" : "inf") }
            let text = GoFloat.shortest(number, exponentFrom: 21)
            return text.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") } ? text : text + Bytes(".0")
        case .string(let text): return quoted(text)
        case .list(let list):
            let items = list.items.map(inline)
            guard !items.contains(nil) else { return nil }
            return Bytes("[") + items.compactMap(\.self).joined(by: Bytes(", ")) + Bytes("]")
        case .map(let map):
            let items = zip(map.keys, map.values).map { key, item in
                inline(item).map { self.key(key) + Bytes(" = ") + $0 }
            }
            guard !items.contains(nil) else { return nil }
            return Bytes("{") + items.compactMap(\.self).joined(by: Bytes(", ")) + Bytes("}")
        case .object(let object): return (object as? TimeObject)?.toml
        default: return nil
        }
    }

    /// A key or a part of one, quoted where it must be.
    static func key(_ key: Bytes) -> Bytes {
        let isBare =
            !key.isEmpty
            && key.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte == 0x2D
            }
        return isBare ? key : quoted(key)
    }

    private static func quoted(_ text: Bytes) -> Bytes {
        text.reduce(into: Bytes("\"")) { result, byte in
            switch byte {
            case 0x09: result += "\\t".utf8
            case 0x0A: result += "\\n".utf8
            case 0x0D: result += "\\r".utf8
            case 0x22, 0x5C: result += [0x5C, byte]
            case 0..<0x20, 0x7F: result += Bytes("\\u") + GoQuote.hexadecimal(UInt32(byte), width: 4)
            default: result.append(byte)
            }
        } + Bytes("\"")
    }
}
