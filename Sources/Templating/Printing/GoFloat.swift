// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Go's `strconv.FormatFloat`.
enum GoFloat {
    /// `%v` and `%g`: the shortest digits that read back the same, with an exponent below -4 and from `limit` on.
    static func shortest(_ value: Double, exponentFrom limit: Int = 6, uppercase: Bool = false) -> Bytes {
        guard value.isFinite else { return special(value) }
        let (digits, point) = decimal(value)
        let sign: Bytes = value.sign == .minus ? [0x2D] : []
        let exponent = point - 1
        if exponent < -4 || exponent >= limit {
            return sign + scientific(digits, exponent: exponent, uppercase: uppercase)
        }
        return sign + plain(digits, point: point)
    }

    /// JSON's form: plain from 1e-6 up to 1e21, and no zero before a one-digit exponent.
    static func json(_ value: Double) -> Bytes {
        let (digits, point) = decimal(value)
        let sign: Bytes = value.sign == .minus ? [0x2D] : []
        let magnitude = value.magnitude
        if magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21) {
            var text = scientific(digits, exponent: point - 1, uppercase: false)
            if text.count >= 4, text[text.count - 4] == UInt8(ascii: "e"), text[text.count - 3] == UInt8(ascii: "-"),
                text[text.count - 2] == UInt8(ascii: "0")
            {
                text.remove(at: text.count - 2)
            }
            return sign + text
        }
        return sign + plain(digits, point: point)
    }

    /// C's conversion, which rounds exactly as Go's does.
    static func fixed(_ value: Double, verb: UInt8, precision: Int) -> Bytes {
        guard value.isFinite else { return special(value) }
        let format = "%.*" + Bytes([verb]).text
        let arguments: [any CVarArg] = [Int32(clamping: min(precision, 4000)), value]
        let length = Int(withVaList(arguments) { vsnprintf(nil, 0, format, $0) })
        guard length > 0 else { return [] }
        return Bytes(unsafeUninitializedCapacity: length + 1) { buffer, count in
            buffer.withMemoryRebound(to: CChar.self) { text in
                _ = withVaList(arguments) { vsnprintf(text.baseAddress, length + 1, format, $0) }
            }
            count = length
        }
    }

    static func special(_ value: Double) -> Bytes {
        Bytes(value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf")
    }

    /// The shortest digits, without zeros at the ends, and where the decimal point stands: 0.05 is ("5", -1).
    static func decimal(_ value: Double) -> (digits: Bytes, point: Int) {
        if value == 0 { return (Bytes("0"), 1) }
        let text = Bytes(value.magnitude.description)
        var digits = Bytes()
        var point: Int?
        var exponent = 0
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"):
                exponent = Int(Bytes(text[(index + 1)...]).text) ?? 0
            default:
                if exponent == 0 && !text[..<index].contains(UInt8(ascii: "e")) { digits.append(byte) }
            }
        }
        var place = (point ?? digits.count) + exponent
        while digits.count > 1, digits.first == 0x30 {
            digits.removeFirst()
            place -= 1
        }
        while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
        return (digits, place)
    }

    private static func scientific(_ digits: Bytes, exponent: Int, uppercase: Bool) -> Bytes {
        var result: Bytes = [digits[0]]
        if digits.count > 1 {
            result.append(UInt8(ascii: "."))
            result += digits[1...]
        }
        result.append(UInt8(ascii: uppercase ? "E" : "e"))
        result.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
        if exponent.magnitude < 10 { result.append(0x30) }
        return result + Bytes(String(exponent.magnitude))
    }

    private static func plain(_ digits: Bytes, point: Int) -> Bytes {
        if point <= 0 { return Bytes("0.") + Bytes(repeating: 0x30, count: -point) + digits }
        if point >= digits.count { return digits + Bytes(repeating: 0x30, count: point - digits.count) }
        return digits[..<point] + [UInt8(ascii: ".")] + digits[point...]
    }
}
