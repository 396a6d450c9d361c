// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A numeric constant with every reading its text allows: which one counts depends on where it is used.
struct NumberLiteral {
    struct Problem: Error {
        let message: String
    }

    let text: Bytes
    var integer: Int64?
    var unsigned: UInt64?
    var float: Double?
    var complex: GoComplex?
    private var isCharacter = false

    private init(_ text: Bytes) {
        self.text = text
    }

    static func read(_ text: Bytes, isCharacter: Bool) -> Result<NumberLiteral, Problem> {
        var literal = NumberLiteral(text)
        if isCharacter {
            guard let rune = GoQuote.unquoteCharacter(text) else {
                return .failure(Problem(message: "malformed character constant: " + text.text))
            }
            literal.isCharacter = true
            literal.setInteger(Int64(rune))
            literal.unsigned = UInt64(rune)
            return .success(literal)
        }
        if text.last == UInt8(ascii: "i") { return literal.readComplex() }
        literal.integer = GoNumber.parseInt(text)
        literal.unsigned = GoNumber.parseUInt(text)
        if let integer = literal.integer {
            literal.setInteger(integer)
        } else if let unsigned = literal.unsigned {
            literal.float = Double(unsigned)
        } else if let float = GoNumber.parseFloat(text) {
            guard literal.looksLikeFloat else {
                return .failure(Problem(message: "integer overflow: " + GoQuote.quote(text).text))
            }
            literal.float = float
            literal.integer = Int64(exactly: float)
            literal.unsigned = UInt64(exactly: float)
        } else {
            return .failure(Problem(message: "illegal number syntax: " + GoQuote.quote(text).text))
        }
        return .success(literal)
    }

    private mutating func setInteger(_ value: Int64) {
        integer = value
        float = Double(value)
        if value >= 0 { unsigned = UInt64(value) }
    }

    private var looksLikeFloat: Bool { text.contains { Bytes(".eEpP").contains($0) } }

    private var isHexadecimal: Bool {
        text.count > 2 && text[0] == UInt8(ascii: "0") && text[1] | 0x20 == UInt8(ascii: "x")
    }

    /// The value where any type will do.
    enum Ideal {
        case value(GoValue)
        case overflow
    }

    var ideal: Ideal {
        if let complex { return .value(.complex128(complex)) }
        let isHexadecimalInteger = isHexadecimal && !text.contains { $0 | 0x20 == UInt8(ascii: "p") }
        if let float, !isHexadecimalInteger, !isCharacter, looksLikeFloat { return .value(.float64(float)) }
        if let integer { return .value(.int(Int(integer))) }
        return .overflow
    }

    private func readComplex() -> Result<NumberLiteral, Problem> {
        var literal = self
        let body = Bytes(text.dropLast())
        let split = body.indices.dropFirst().last {
            (body[$0] == 0x2B || body[$0] == 0x2D) && body[$0 - 1] | 0x20 != UInt8(ascii: "e")
        }
        let realText = split.map { Bytes(body[..<$0]) } ?? Bytes("0")
        let imaginaryText = split.map { Bytes(body[$0...]) } ?? body
        guard let real = GoNumber.parseFloat(realText), let imaginary = GoNumber.parseFloat(imaginaryText) else {
            return .failure(Problem(message: "illegal number syntax: " + GoQuote.quote(text).text))
        }
        literal.complex = GoComplex(real: real, imaginary: imaginary)
        if imaginary == 0 {
            literal.float = real
            literal.integer = Int64(exactly: real)
        }
        return .success(literal)
    }
}
