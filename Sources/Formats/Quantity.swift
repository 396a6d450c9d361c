// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Quantities of Kubernetes: `500m`, `1.5`, `2Gi`, `1e3`.
public enum Quantity {
    /// Whether a text is a quantity.
    public static func isValid(_ text: String) -> Bool { parse(text) != nil }

    /// Whether it is a quantity above zero.
    public static func isPositive(_ text: String) -> Bool { parse(text).map { !$0.isNegative && !$0.isZero } ?? false }

    /// Its size as a number; nil when the text is no quantity.
    public static func size(_ text: String) -> Double? { parse(text)?.size }

    private struct Parsed {
        var isNegative: Bool
        var isZero: Bool
        var size: Double
    }

    private static func parse(_ text: String) -> Parsed? {
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let digits = rest.prefix { Names.isDigit($0) || $0 == UInt8(ascii: ".") }
        guard let number = String(digits), digits.contains(where: Names.isDigit),
            digits.count(where: { $0 == UInt8(ascii: ".") }) <= 1, digits.count <= 20,
            let value = Double("0" + number + (number.hasSuffix(".") ? "0" : "")),
            let suffix = String(rest.dropFirst(digits.count)),
            let factor = factor(suffix)
        else { return nil }
        let size = value * factor
        // What lies beyond is cut to the largest int64 by Kubernetes, silently.
        guard size <= 9.2e18 else { return nil }
        return Parsed(isNegative: isNegative, isZero: value == 0, size: isNegative ? -size : size)
    }

    private static func factor(_ suffix: String) -> Double? {
        switch suffix {
        case "": return 1
        case "n": return 1e-9
        case "u": return 1e-6
        case "m": return 1e-3
        case "k": return 1e3
        case "M": return 1e6
        case "G": return 1e9
        case "T": return 1e12
        case "P": return 1e15
        case "E": return 1e18
        case "Ki": return 1024
        case "Mi": return 1_048_576
        case "Gi": return 1_073_741_824
        case "Ti": return 1_099_511_627_776
        case "Pi": return 1_125_899_906_842_624
        case "Ei": return 1_152_921_504_606_846_976
        default:
            guard suffix.hasPrefix("e") || suffix.hasPrefix("E"), let exponent = Int(suffix.dropFirst()),
                -18...18 ~= exponent
            else { return nil }
            return (0..<Int(exponent.magnitude)).reduce(1.0) { power, _ in exponent < 0 ? power / 10 : power * 10 }
        }
    }
}

/// Durations such as `90s`, `10m` or `1h30m`.
public enum Durations {
    /// The whole seconds, or nil when the text is no duration.
    public static func seconds(_ text: String) -> Int64? {
        var rest = text[...]
        var milliseconds: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard digits.count <= 9, let number = Int64(digits), let factor = factor(unit) else { return nil }
            milliseconds += number * factor
        }
        return milliseconds / 1000
    }

    private static func factor(_ unit: Substring) -> Int64? {
        switch unit {
        case "ms": 1
        case "s": 1000
        case "m": 60_000
        case "h": 3_600_000
        case "d": 86_400_000
        default: nil
        }
    }
}
