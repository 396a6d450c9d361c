// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Numbers.
extension Printf {
    mutating func integer(_ value: GoValue, _ isNegative: Bool, _ magnitude: UInt64, _ verb: UInt32) {
        switch UInt8(truncatingIfNeeded: verb) {
        case UInt8(ascii: "v"), UInt8(ascii: "d"): number(isNegative, magnitude, radix: 10, prefix: "")
        case UInt8(ascii: "b"): number(isNegative, magnitude, radix: 2, prefix: options.sharp ? "0b" : "")
        case UInt8(ascii: "o"): number(isNegative, magnitude, radix: 8, prefix: options.sharp ? "0" : "")
        case UInt8(ascii: "O"): number(isNegative, magnitude, radix: 8, prefix: "0o")
        case UInt8(ascii: "x"): number(isNegative, magnitude, radix: 16, prefix: options.sharp ? "0x" : "")
        case UInt8(ascii: "X"):
            number(isNegative, magnitude, radix: 16, prefix: options.sharp ? "0X" : "", uppercase: true)
        case UInt8(ascii: "c"): pad(Bytes(runes: [isNegative ? 0xFFFD : UInt32(clamping: magnitude)]))
        case UInt8(ascii: "q"):
            let character = Bytes(runes: [isNegative ? 0xFFFD : UInt32(clamping: magnitude)])
            pad(GoQuote.quote(character, asciiOnly: options.plus, delimiter: UInt8(ascii: "'")))
        case UInt8(ascii: "U"):
            let digits = GoQuote.hexadecimal(
                UInt32(clamping: magnitude), width: max(4, options.precision ?? 0), uppercase: true)
            pad(Bytes("U+") + digits)
        default: bad(value, verb)
        }
    }

    private mutating func number(
        _ isNegative: Bool, _ magnitude: UInt64, radix: Int, prefix: String, uppercase: Bool = false
    ) {
        var digits = Bytes(String(magnitude, radix: radix, uppercase: uppercase))
        let sign = isNegative ? "-" : options.plus ? "+" : options.space ? " " : ""
        if let precision = options.precision {
            if precision == 0 && magnitude == 0 { digits = [] }
            digits = Bytes(repeating: 0x30, count: max(0, precision - digits.count)) + digits
        } else if options.zero, !options.minus, let width = options.width {
            digits = Bytes(repeating: 0x30, count: max(0, width - sign.utf8.count - digits.count)) + digits
        }
        pad(Bytes(sign + prefix) + digits, zeros: false)
    }

    mutating func float(_ value: GoValue, _ number: Double, _ verb: UInt32) {
        var text: Bytes
        switch UInt8(truncatingIfNeeded: verb) {
        case UInt8(ascii: "v"), UInt8(ascii: "g"), UInt8(ascii: "G"):
            let isUpper = verb == UInt32(UInt8(ascii: "G"))
            text =
                options.precision.map { GoFloat.fixed(number, verb: isUpper ? 0x47 : 0x67, precision: $0) }
                ?? GoFloat.shortest(number, uppercase: isUpper)
        case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "f"):
            text = GoFloat.fixed(number, verb: UInt8(verb), precision: options.precision ?? 6)
        case UInt8(ascii: "F"): text = GoFloat.fixed(number, verb: 0x66, precision: options.precision ?? 6)
        default: return bad(value, verb)
        }
        let isSigned = text.first == 0x2D || text.first == 0x2B
        let sign: Bytes = text.first == 0x2D ? [0x2D] : options.plus ? [0x2B] : options.space ? [0x20] : []
        if isSigned { text.removeFirst() }
        let infinite: Bytes = number == .infinity && sign.isEmpty ? [0x2B] : sign
        if options.zero, !options.minus, number.isFinite, let width = options.width {
            text = Bytes(repeating: 0x30, count: max(0, width - sign.count - text.count)) + text
        }
        pad((number.isFinite || number.isNaN ? sign : infinite) + text, zeros: false)
    }

    mutating func complex(_ value: GoValue, _ number: GoComplex, _ verb: UInt32) {
        output.append(UInt8(ascii: "("))
        float(value, number.real, verb)
        let plus = options.plus
        options.plus = true
        float(value, number.imaginary, verb)
        options.plus = plus
        output += Bytes("i)")
    }
}

extension GoValue {
    /// The value of any integer kind.
    var anyInteger: Int? {
        switch self {
        case .int(let value): value
        case .int64(let value): Int(value)
        case .uint64(let value): Int(exactly: value)
        default: nil
        }
    }
}
