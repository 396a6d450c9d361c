// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Numbers as Go's yaml v2 prints them.
enum YAMLNumber {
    /// Whole numbers below 2^64 print as integers: they were JSON in between.
    ///
    /// Others print in Go's shortest form.
    static func text(_ number: Double) -> String {
        if number.isNaN { return ".nan" }
        if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
        if number == 0 { return number.sign == .minus ? "-0" : "0" }
        if let whole = Int64(exactly: number) { return String(whole) }
        if let whole = UInt64(exactly: number) { return String(whole) }
        return shortest(number)
    }

    private static func shortest(_ number: Double) -> String {
        let sign = number < 0 ? "-" : ""
        let parts = number.magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
        var digits = Array(mantissa[0] + fraction)
        var point = mantissa[0].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.count > 1, digits[0] == "0" {
            digits.removeFirst()
            point -= 1
        }
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        let exponent = point - 1
        if exponent < -4 || exponent >= 6 {
            return sign + scientific(digits, exponent)
        }
        return sign + plain(digits, point)
    }

    private static func scientific(_ digits: [Character], _ exponent: Int) -> String {
        let fraction = digits.count > 1 ? "." + String(digits[1...]) : ""
        let power = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
        return "\(digits[0])\(fraction)e\(exponent < 0 ? "-" : "+")\(power)"
    }

    private static func plain(_ digits: [Character], _ point: Int) -> String {
        if point <= 0 { return "0." + String(repeating: "0", count: -point) + String(digits) }
        if point >= digits.count { return String(digits) + String(repeating: "0", count: point - digits.count) }
        return String(digits[..<point]) + "." + String(digits[point...])
    }
}
