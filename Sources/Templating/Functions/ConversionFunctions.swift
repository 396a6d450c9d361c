// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// sprig's conversions, which never fail: junk is zero.
enum ConversionFunctions {
    static let all: [Function] = [
        Function("toString", [.interface]) { _, values in .string(values[0].sprigText) },
        Function("toStrings", [.interface]) { _, values in .strings(values[0].sprigTexts) },
        Function("int", [.interface]) { _, values in .int(Int(values[0].castToInt64)) },
        Function("int64", [.interface]) { _, values in .int64(values[0].castToInt64) },
        Function("float64", [.interface]) { _, values in .float64(values[0].castToFloat) },
        Function("atoi", [.string]) { _, values in .int(Int(GoNumber.parseInt(values.text(0), base: 10) ?? 0)) },
        Function("toDecimal", [.interface]) { _, values in
            .int64(GoNumber.parseInt(GoPrinter.bytes(values[0]), base: 8) ?? 0)
        },
    ]
}

extension GoValue {
    /// sprig's `strval`: `%v`, but bytes are text.
    var sprigText: Bytes {
        switch self {
        case .string(let text), .bytes(let text): text
        default: GoPrinter.bytes(self)
        }
    }

    /// sprig's `strslice`: the texts of a list without its nils; of a single value, that one.
    var sprigTexts: [Bytes] {
        switch self {
        case .list(let list): list.items.filter { !$0.isNil }.map(\.sprigText)
        case .bytes(let bytes): bytes.map { Bytes(String($0)) }
        case .null, .invalid: []
        default: [sprigText]
        }
    }

    /// What `int` and `int64` make of anything.
    var castToInt64: Int64 {
        switch self {
        case .int(let value): Int64(value)
        case .int64(let value): value
        case .uint64(let value): Int64(clamping: value)
        case .float64(let value): value.truncatedToInt64
        case .bool(let value): value ? 1 : 0
        case .string(let text): GoNumber.parseInt(Self.trimmingZeroDecimal(text)) ?? 0
        default: 0
        }
    }

    /// What `float64` makes of anything.
    var castToFloat: Double {
        switch self {
        case .float64(let value): value
        case .int(let value): Double(value)
        case .int64(let value): Double(value)
        case .uint64(let value): Double(value)
        case .bool(let value): value ? 1 : 0
        case .string(let text): GoNumber.parseFloat(text, allowUnderscore: false) ?? 0
        default: 0
        }
    }

    /// "8.00" is read as "8".
    private static func trimmingZeroDecimal(_ text: Bytes) -> Bytes {
        guard let point = text.lastIndex(of: [UInt8(ascii: ".")]), point + 1 < text.count,
            text[(point + 1)...].allSatisfy({ $0 == 0x30 })
        else { return text }
        return Bytes(text[..<point])
    }
}

extension Double {
    /// Go's conversion on this machine: what does not fit becomes the smallest number.
    var truncatedToInt64: Int64 {
        guard isFinite, self < 9.3e18, self > -9.3e18 else { return .min }
        return Int64(exactly: rounded(.towardZero)) ?? .min
    }
}
