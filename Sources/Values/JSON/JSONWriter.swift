// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Value {
    /// The JSON text of the value, in bytes, without a final newline.
    public func json(_ options: JSONWritingOptions = .compact) -> [UInt8] {
        var writer = JSONWriter(options: options)
        writer.write(self)
        return writer.bytes
    }

    /// The JSON text of the value as a string, without a final newline.
    public func jsonString(_ options: JSONWritingOptions = .compact) -> String {
        String(decoding: json(options), as: UTF8.self)
    }
}

private struct JSONWriter {
    let options: JSONWritingOptions
    var bytes: [UInt8] = []
    private var level = 0

    init(options: JSONWritingOptions) { self.options = options }

    mutating func write(_ value: Value) {
        switch value {
        case .null: append("null")
        case .bool(let bool): append(bool ? "true" : "false")
        case .int(let int): append(String(int))
        case .double(let double): append(Self.text(of: double))
        case .string(let string): write(string)
        case .array(let elements):
            list(elements, between: "[", and: "]") { writer, element in writer.write(element) }
        case .mapping(let mapping) where options.sortedKeys:
            list(mapping.sortedByKey, between: "{", and: "}") { writer, entry in writer.write(entry) }
        case .mapping(let mapping):
            list(mapping, between: "{", and: "}") { writer, entry in writer.write(entry) }
        }
    }

    private mutating func write(_ entry: (key: String, value: Value)) {
        write(entry.key)
        append(options.indentation == nil ? ":" : ": ")
        write(entry.value)
    }

    private mutating func list<Elements: Collection>(
        _ elements: Elements, between open: String, and close: String,
        _ write: (inout JSONWriter, Elements.Element) -> Void
    ) {
        append(open)
        level += 1
        var isFirst = true
        for element in elements {
            if !isFirst { append(",") }
            isFirst = false
            newline()
            write(&self, element)
        }
        level -= 1
        if !isFirst { newline() }
        append(close)
    }

    private mutating func newline() {
        guard let indentation = options.indentation else { return }
        append("\n")
        bytes.append(contentsOf: repeatElement(0x20, count: level * indentation))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func write(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20: append(Self.escape(byte))
            case UInt8(ascii: "<") where options.escapesHTML, UInt8(ascii: ">") where options.escapesHTML,
                UInt8(ascii: "&") where options.escapesHTML:
                append(Self.escape(byte))
            default:
                bytes.append(byte)
                // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
                if options.escapesHTML, byte & 0xFE == 0xA8, bytes.suffix(3).starts(with: [0xE2, 0x80]) {
                    bytes.removeLast(3)
                    append(byte == 0xA8 ? "\\u2028" : "\\u2029")
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// The shortest text that reads back as the same number, laid out as Go's `encoding/json` does: plain from 1e-6 to below
    /// 1e21, else with an exponent; a number that is not finite, which JSON cannot say, becomes null.
    private static func text(of double: Double) -> String {
        guard double.isFinite else { return "null" }
        let magnitude = abs(double)
        if magnitude != 0, magnitude < 1e-6 || magnitude >= 1e21 { return exponential(double) }
        return plain(double)
    }

    private static func parts(of double: Double) -> (digits: String, exponent: Int) {
        let description = abs(double).description
        let pieces = description.split(separator: "e")
        var exponent = pieces.count == 2 ? Int(pieces[1]) ?? 0 : 0
        let number = pieces[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = number.count == 2 ? String(number[1]) : ""
        var digits = String(number[0]) + fraction
        exponent += number[0].count
        let leading = digits.prefix { $0 == "0" }.count
        digits.removeFirst(leading)
        exponent -= leading
        while digits.last == "0" { digits.removeLast() }
        return (digits, exponent)
    }

    private static func plain(_ double: Double) -> String {
        let sign = double.sign == .minus ? "-" : ""
        let (digits, exponent) = parts(of: double)
        if digits.isEmpty { return sign + "0" }
        if exponent <= 0 { return sign + "0." + String(repeating: "0", count: -exponent) + digits }
        if digits.count <= exponent { return sign + digits + String(repeating: "0", count: exponent - digits.count) }
        return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
    }

    private static func exponential(_ double: Double) -> String {
        let (digits, exponent) = parts(of: double)
        let power = exponent - 1
        let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
        return (double.sign == .minus ? "-" : "") + digits.prefix(1) + fraction + "e" + (power < 0 ? "-" : "+")
            + String(abs(power))
    }
}
