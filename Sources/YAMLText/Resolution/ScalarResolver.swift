// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What a plain scalar means: the YAML 1.1 rules of Go's yaml v2, which Helm, kubectl and sigs.k8s.io/yaml share.
///
/// Unlike YAML 1.2, `y`, `no` and `on` are booleans, `012` is ten and `1_000` a thousand; unlike YAML 1.1 proper, `12:30`
/// and dates stay strings (`spec/templating.md` C6).
enum ScalarResolver {
    static func isNull(_ text: String) -> Bool {
        switch text {
        case "", "~", "null", "Null", "NULL": true
        default: false
        }
    }

    /// The value of a plain scalar without a tag; infinities and NaN come out as doubles.
    static func resolve(_ text: String) -> Value {
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
            UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"),
            UInt8(ascii: "~"):
            return word(text) ?? .string(text)
        case UInt8(ascii: "."):
            return specialFloat(text) ?? decimalFloat(text) ?? .string(text)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            return number(text) ?? .string(text)
        default:
            return .string(text)
        }
    }

    private static func word(_ text: String) -> Value? {
        switch text {
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": .bool(true)
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": .bool(false)
        case "~", "null", "Null", "NULL": .null
        default: nil
        }
    }

    private static func specialFloat(_ text: String) -> Value? {
        switch text {
        case ".nan", ".NaN", ".NAN": .double(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .double(.infinity)
        case "-.inf", "-.Inf", "-.INF": .double(-.infinity)
        default: nil
        }
    }

    private static func number(_ text: String) -> Value? {
        if let special = specialFloat(text) { return special }
        let plain = text.utf8.contains(UInt8(ascii: "_")) ? text.filter { $0 != "_" } : text
        return integer(plain) ?? decimalFloat(plain)
    }

    /// Go's `strconv.ParseInt(text, 0, 64)`: `12`, `0x1f`, `0o17`, `0b11`, and `017` for fifteen.
    private static func integer(_ text: String) -> Value? {
        var digits = text[...]
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
        var radix = 10
        if digits.utf8.count > 1, digits.utf8.first == UInt8(ascii: "0") {
            digits = digits.dropFirst()
            switch digits.utf8.first ?? 0 {
            case UInt8(ascii: "x"), UInt8(ascii: "X"): radix = 16
            case UInt8(ascii: "o"), UInt8(ascii: "O"): radix = 8
            case UInt8(ascii: "b"), UInt8(ascii: "B"): radix = 2
            case UInt8(ascii: "0")...UInt8(ascii: "7"): radix = 8
            default: return nil
            }
            if digits.utf8.first.map({ $0 > UInt8(ascii: "9") }) == true { digits = digits.dropFirst() }
        }
        // Swift's parser would take a second sign.
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        if let number = Int64((isNegative ? "-" : "") + digits, radix: radix) { return .int(number) }
        // Beyond Int64 Go still has uint64; JSON numbers of that size are doubles to everyone else.
        return isNegative ? nil : UInt64(digits, radix: radix).map { .double(Double($0)) }
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, finite.
    private static func decimalFloat(_ text: String) -> Value? {
        var rest = text.utf8[...]
        func skipDigits() -> Int {
            let start = rest.startIndex
            rest = rest.drop { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            return text.utf8.distance(from: start, to: rest.startIndex)
        }
        func skipSign() {
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        }
        skipSign()
        let whole = skipDigits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard skipDigits() > 0 || whole > 0 else { return nil }
        } else if whole == 0 {
            return nil
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            skipSign()
            guard skipDigits() > 0 else { return nil }
        }
        guard rest.isEmpty, let number = Double(text), number.isFinite else { return nil }
        return .double(number)
    }
}
