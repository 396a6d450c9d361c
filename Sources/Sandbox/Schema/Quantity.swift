// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// A resource quantity such as `500m`, `1.5Gi` or `1e3`: an exact number with the family of suffix it was written in.
public struct Quantity: Sendable {
    /// The families of suffixes.
    private enum Format {
        case decimal
        case binary
        case exponent
    }

    /// The value in billionths; smaller parts are rounded away from zero, as the API does.
    private let nano: Int128
    private let format: Format

    private static let unit: Int128 = 1_000_000_000
    private static let binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
    private static let decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]

    /// Reads a quantity from a text or number; nil when it is none.
    public init?(_ value: Value) {
        switch value {
        case .string(let text): self.init(text)
        case .int(let number): self.init(String(number))
        case .double: self.init(value.jsonString())
        default: return nil
        }
    }

    /// Reads a quantity; nil when the text is none or does not fit.
    public init?(_ text: String) {
        var rest = text.utf8[...]
        var isNegative = false
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
            isNegative = rest.popFirst() == UInt8(ascii: "-")
        }
        var mantissa: Int128 = 0
        var fractionDigits = 0
        var digits = 0
        var sawPoint = false
        while let byte = rest.first {
            if byte == UInt8(ascii: "."), !sawPoint {
                sawPoint = true
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
                guard !overflow, product < Int128.max / 1_000_000 else { return nil }
                mantissa = product + Int128(byte - UInt8(ascii: "0"))
                digits += 1
                if sawPoint { fractionDigits += 1 }
            } else {
                break
            }
            rest = rest.dropFirst()
        }
        guard digits > 0 else { return nil }
        let suffix = String(rest) ?? ""
        guard let (factor, exponent, format) = Self.scale(suffix) else { return nil }
        guard let nano = Self.scaled(mantissa, by: factor, exponent: exponent - fractionDigits + 9) else { return nil }
        self.nano = isNegative ? -nano : nano
        self.format = format
    }

    /// The factor, the power of ten and the family of a suffix; nil for an unknown one.
    private static func scale(_ suffix: String) -> (factor: Int128, exponent: Int, format: Format)? {
        if let place = binarySuffixes.firstIndex(of: suffix), place > 0 {
            return (Int128(1) << (10 * place), 0, .binary)
        }
        if let place = decimalSuffixes.firstIndex(of: suffix) { return (1, (place - 3) * 3, .decimal) }
        guard let first = suffix.first, first == "e" || first == "E", let exponent = Int(suffix.dropFirst()),
            (-99...99).contains(exponent)
        else { return nil }
        return (1, exponent, .exponent)
    }

    private static func scaled(_ mantissa: Int128, by factor: Int128, exponent: Int) -> Int128? {
        var (value, overflow) = mantissa.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        if value == 0 { return 0 }
        if exponent >= 0 {
            for _ in 0..<exponent {
                (value, overflow) = value.multipliedReportingOverflow(by: 10)
                guard !overflow else { return nil }
            }
            return value
        }
        var isInexact = false
        for _ in 0..<(-exponent) {
            if value % 10 != 0 { isInexact = true }
            value /= 10
        }
        return isInexact ? value + 1 : value
    }

    /// Whether it is below zero.
    public var isNegative: Bool { nano < 0 }
    /// Whether it is zero.
    public var isZero: Bool { nano == 0 }
    /// Whether it is a whole number.
    public var isWhole: Bool { nano % Self.unit == 0 }
}

extension Quantity {
    /// Nothing.
    public static let zero = Quantity(nano: 0, format: .decimal)

    /// The sum, in the family of suffix of the left one; what does not fit counts as the largest number.
    public static func + (left: Quantity, right: Quantity) -> Quantity {
        let (sum, overflow) = left.nano.addingReportingOverflow(right.nano)
        return Quantity(nano: overflow ? .max : sum, format: left.format)
    }

    /// The difference, in the family of suffix of the left one; what does not fit counts as the smallest number.
    public static func - (left: Quantity, right: Quantity) -> Quantity {
        let (difference, overflow) = left.nano.subtractingReportingOverflow(right.nano)
        return Quantity(nano: overflow ? .min : difference, format: left.format)
    }

    private init(nano: Int128, format: Format) {
        self.nano = nano
        self.format = format
    }
}

extension Quantity: Comparable {
    /// Compares the numbers, however they are written.
    public static func < (left: Quantity, right: Quantity) -> Bool { left.nano < right.nano }
    /// Equal numbers, however they are written.
    public static func == (left: Quantity, right: Quantity) -> Bool { left.nano == right.nano }
}

extension Quantity: CustomStringConvertible {
    /// The canonical form: the greatest suffix of its family that leaves a whole number.
    public var description: String {
        if nano == 0 { return "0" }
        let whole = nano / Self.unit
        if format == .binary, isWhole, whole <= -1024 || whole >= 1024 {
            var number = whole
            var place = 0
            while number % 1024 == 0, place < Self.binarySuffixes.count - 1 {
                number /= 1024
                place += 1
            }
            return "\(number)\(Self.binarySuffixes[place])"
        }
        var number = nano
        var place = 0
        while number % 1000 == 0, format == .exponent || place < Self.decimalSuffixes.count - 1 {
            number /= 1000
            place += 1
        }
        guard format == .exponent else { return "\(number)\(Self.decimalSuffixes[place])" }
        return place == 3 ? "\(number)" : "\(number)e\((place - 3) * 3)"
    }
}
