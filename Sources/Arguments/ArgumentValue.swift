// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A type that an argument's text can be read as.
public protocol ArgumentValue: Sendable {
    /// Reads the text; the error's message completes "invalid value 'x' for --option: ".
    init(argument: String) throws(UsageError)
    /// The accepted words, where they can be listed.
    static var choices: [String] { get }
}

extension ArgumentValue {
    /// Any text.
    public static var choices: [String] { [] }
}

extension String: ArgumentValue {
    /// Any text.
    public init(argument: String) { self = argument }
}

extension Int: ArgumentValue {
    /// A whole number in decimal digits.
    public init(argument: String) throws(UsageError) {
        guard let number = Int(argument) else { throw UsageError("expected a whole number") }
        self = number
    }
}

extension Bool: ArgumentValue {
    /// `true` or `false`, or Go's shorter words for them.
    public init(argument: String) throws(UsageError) {
        switch argument.lowercased() {
        case "true", "t", "1": self = true
        case "false", "f", "0": self = false
        default: throw UsageError("expected true or false")
        }
    }

    /// The words.
    public static var choices: [String] { ["true", "false"] }
}

extension Duration: ArgumentValue {
    /// A duration in Go's notation: `90s`, `10m`, `1h30m`, `500ms`; a bare number is refused, as its unit is unknown.
    public init(argument: String) throws(UsageError) {
        guard let duration = Duration(notation: argument) else {
            throw UsageError("expected a duration such as 90s, 10m or 1h30m")
        }
        self = duration
    }

    /// Reads Go's notation; nil when it is not one or not positive or zero.
    public init?(notation: String) {
        var rest = notation[...]
        guard !rest.isEmpty else { return nil }
        if rest == "0" {
            self = .zero
            return
        }
        var total = Duration.zero
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let number = Double(digits), number < 1e9 else { return nil }
            switch unit {
            case "ms": total += .milliseconds(number)
            case "s": total += .seconds(number)
            case "m": total += .seconds(number * 60)
            case "h": total += .seconds(number * 3600)
            case "d": total += .seconds(number * 86400)
            default: return nil
            }
        }
        self = total
    }
}

extension ArgumentValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// One of the words of the enumeration.
    public init(argument: String) throws(UsageError) {
        guard let value = Self(rawValue: argument) else {
            throw UsageError("expected one of \(Self.choices.joined(separator: ", "))")
        }
        self = value
    }

    /// The words of the enumeration.
    public static var choices: [String] { allCases.map(\.rawValue) }
}
