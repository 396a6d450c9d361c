// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How Go writes floats that are keys: `strconv.FormatFloat(number, 'g', -1, 32)`.
enum GoFloat {
    static func key(_ number: Double) -> String {
        // Swift's shortest description has the same digits; only the layout differs.
        let text = Float(number).description
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: "e", maxSplits: 1)
        let mantissa = (parts.first ?? "0").split(separator: ".", maxSplits: 1)
        let whole = mantissa.first ?? "0"
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        var digits = Array(whole + fraction)
        var point = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.count > 1, digits.first == "0" {
            digits.removeFirst()
            point -= 1
        }
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        let sign = isNegative ? "-" : ""
        if digits == ["0"] { return sign + "0" }
        let exponent = point - 1
        if exponent < -4 || exponent >= max(digits.count, 21) {
            let rest = digits.count > 1 ? "." + String(digits[1...]) : ""
            let size = String(exponent.magnitude)
            return "\(sign)\(digits[0])\(rest)e\(exponent < 0 ? "-" : "+")\(size.count < 2 ? "0" : "")\(size)"
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + String(digits) }
        if point >= digits.count { return sign + String(digits) + String(repeating: "0", count: point - digits.count) }
        return sign + String(digits[..<point]) + "." + String(digits[point...])
    }
}
