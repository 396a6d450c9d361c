// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Go's `encoding/json`.
struct GoJSON {
    private var output = Bytes()
    private let escapesHTML: Bool
    private let indentation: Bytes?

    /// The text, or nil for what JSON cannot hold.
    static func encode(_ value: GoValue, escapesHTML: Bool = true, indented: Bool = false) -> Bytes? {
        var writer = GoJSON(escapesHTML: escapesHTML, indentation: indented ? Bytes("  ") : nil)
        return writer.write(value, depth: 0) ? writer.output : nil
    }

    private init(escapesHTML: Bool, indentation: Bytes?) {
        self.escapesHTML = escapesHTML
        self.indentation = indentation
    }

    private mutating func write(_ value: GoValue, depth: Int) -> Bool {
        switch value {
        case .invalid, .null: output += "null".utf8
        case .bool(let flag): output += (flag ? "true" : "false").utf8
        case .int(let number): output += String(number).utf8
        case .int64(let number): output += String(number).utf8
        case .uint64(let number): output += String(number).utf8
        case .float64(let number):
            guard number.isFinite else { return false }
            output += GoFloat.json(number)
        case .complex128: return false
        case .string(let text): string(text)
        case .bytes(let bytes): string(Bytes(Base64.encode(bytes)))
        case .list(let list): return self.list(list, depth: depth)
        case .map(let map): return self.map(map, depth: depth)
        case .object(let object): return write(object.encoded, depth: depth)
        }
        return true
    }

    private mutating func list(_ list: GoList, depth: Int) -> Bool {
        output.append(UInt8(ascii: "["))
        for (index, item) in list.items.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            newLine(depth + 1)
            guard write(item, depth: depth + 1) else { return false }
        }
        if !list.items.isEmpty { newLine(depth) }
        output.append(UInt8(ascii: "]"))
        return true
    }

    private mutating func map(_ map: GoMap, depth: Int) -> Bool {
        output.append(UInt8(ascii: "{"))
        for (index, (key, item)) in zip(map.keys, map.values).enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            newLine(depth + 1)
            string(key)
            output += (indentation == nil ? ":" : ": ").utf8
            guard write(item, depth: depth + 1) else { return false }
        }
        if !map.isEmpty { newLine(depth) }
        output.append(UInt8(ascii: "}"))
        return true
    }

    private mutating func newLine(_ depth: Int) {
        guard let indentation else { return }
        output.append(0x0A)
        for _ in 0..<depth { output += indentation }
    }

    private mutating func string(_ text: Bytes) {
        output.append(UInt8(ascii: "\""))
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x80 {
                let (rune, width) = text.rune(at: index)
                switch rune {
                case 0xFFFD where width == 1: output += "\\ufffd".utf8
                case 0x2028: output += "\\u2028".utf8
                case 0x2029: output += "\\u2029".utf8
                default: output += text[index..<index + width]
                }
                index += width
                continue
            }
            index += 1
            switch byte {
            case UInt8(ascii: "\""), 0x5C: output += [0x5C, byte]
            case 0x08: output += "\\b".utf8
            case 0x0C: output += "\\f".utf8
            case 0x0A: output += "\\n".utf8
            case 0x0D: output += "\\r".utf8
            case 0x09: output += "\\t".utf8
            case 0..<0x20: output += Bytes("\\u") + GoQuote.hexadecimal(UInt32(byte), width: 4)
            case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
                if escapesHTML {
                    output += Bytes("\\u") + GoQuote.hexadecimal(UInt32(byte), width: 4)
                } else {
                    output.append(byte)
                }
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
