// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Value {
    /// Reads one JSON text (RFC 8259) with nothing but white space after it.
    ///
    /// Whole numbers that fit 64 bits stay exact ints; `1.0`, `1e3` and larger numbers become doubles; a number beyond a
    /// double's range is refused, and so are invalid UTF-8 and lone surrogates.
    public init(json text: [UInt8], options: JSONReadingOptions = JSONReadingOptions()) throws(JSONError) {
        var reader = JSONReader(text: text, options: options)
        self = try reader.document()
    }

    /// Reads one JSON text from a string.
    public init(json text: String, options: JSONReadingOptions = JSONReadingOptions()) throws(JSONError) {
        try self.init(json: Array(text.utf8), options: options)
    }
}

/// A recursive-descent reader over bytes.
struct JSONReader {
    let text: [UInt8]
    let options: JSONReadingOptions
    var position = 0
    private var depth = 0

    init(text: [UInt8], options: JSONReadingOptions) {
        self.text = text
        self.options = options
    }

    mutating func document() throws(JSONError) -> Value {
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let value = try value()
        skipBlanks()
        guard position == text.count else { throw error("unexpected text after the document") }
        return value
    }

    func error(_ message: String, at offset: Int? = nil) -> JSONError {
        JSONError(message, at: offset ?? position, in: text)
    }

    private mutating func value() throws(JSONError) -> Value {
        skipBlanks()
        guard position < text.count else { throw error("unexpected end of the text") }
        switch text[position] {
        case UInt8(ascii: "{"): return try nested { (reader) throws(JSONError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { (reader) throws(JSONError) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("unexpected character \(shown(text[position]))")
        }
    }

    private mutating func nested(_ read: (inout JSONReader) throws(JSONError) -> Value) throws(JSONError) -> Value {
        guard depth < options.depthLimit else {
            guard options.deepValues == .leftOut else {
                throw error("nested deeper than \(options.depthLimit) levels")
            }
            try skipNested()
            return .null
        }
        depth += 1
        position += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    /// Skips an object or an array without descending into it; of what it holds, only the brackets and strings are read.
    private mutating func skipNested() throws(JSONError) {
        let start = position
        var open = 0
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            case UInt8(ascii: "\""):
                _ = try string()
                continue
            default: break
            }
            position += 1
            if open == 0 { return }
        }
        throw error("unexpected end of the text", at: start)
    }

    private mutating func object() throws(JSONError) -> Value {
        var mapping = Mapping()
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .mapping(mapping) }
        while true {
            skipBlanks()
            let start = position
            guard position < text.count, text[position] == UInt8(ascii: "\"") else {
                throw error("expected a key in double quotes")
            }
            let key = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw error("expected ':' after the key") }
            let value = try value()
            if options.duplicateKeys == .refused, mapping.contains(key) {
                throw error("duplicate key \"\(key)\"", at: start)
            }
            mapping[key] = value
            skipBlanks()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw error("expected ',' or '}'") }
            return .mapping(mapping)
        }
    }

    private mutating func array() throws(JSONError) -> Value {
        var elements: [Value] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            skipBlanks()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw error("expected ',' or ']'") }
            return .array(elements)
        }
    }

    private mutating func word(_ word: StaticString, _ value: Value) throws(JSONError) -> Value {
        let length = word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer { expected in
            position + length <= text.count && text[position..<position + length].elementsEqual(expected)
        }
        guard matches else { throw error("expected \(word)") }
        position += length
        return value
    }

    private mutating func number() throws(JSONError) -> Value {
        let start = position
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        let firstDigit = position
        guard digits() else { throw error("expected a digit") }
        if text[firstDigit] == UInt8(ascii: "0"), position - firstDigit > 1 {
            throw error("a number must not start with 0", at: firstDigit)
        }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard digits() else { throw error("expected a digit after '.'") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() else { throw error("expected a digit in the exponent") }
        }
        let literal = String(decoding: text[start..<position], as: UTF8.self)
        if isWhole, let exact = Int64(literal) { return .int(exact) }
        guard let double = Double(literal), double.isFinite else {
            throw error("the number \(literal) is out of range", at: start)
        }
        return .double(double)
    }

    private mutating func digits() -> Bool {
        let start = position
        while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) { position += 1 }
        return position > start
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func shown(_ byte: UInt8) -> String {
        (0x21..<0x7F).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "0x" + String(byte, radix: 16)
    }
}
