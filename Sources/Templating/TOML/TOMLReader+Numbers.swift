// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension TOMLReader {
    mutating func readSignedNumber() throws(TOMLError) -> GoValue {
        let start = position
        let isNegative = try next() == UInt32(UInt8(ascii: "-"))
        if skip("inf") { return .float64(isNegative ? -.infinity : .infinity) }
        if skip("nan") { return .float64(.nan) }
        switch try peek() {
        case UInt32(UInt8(ascii: ".")): throw failure("floats must start with a digit, not '.'")
        case let digit? where (0x30...0x39).contains(digit): break
        case let other: throw failure("expected a digit but got \(quoted(other))")
        }
        for prefix: StaticString in ["0x", "0o", "0b"] where skip(prefix) {
            throw failure("cannot use sign with non-decimal numbers: '\(text(from: start).text)'")
        }
        return try readDecimal(from: start)
    }

    mutating func readNumberOrTime() throws(TOMLError) -> GoValue {
        let start = position
        if skip("0x") { return try readInteger(from: start, radix: 16, "a hexidecimal") }
        if skip("0o") { return try readInteger(from: start, radix: 8, "an octal") }
        if skip("0b") { return try readInteger(from: start, radix: 2, "a binary") }
        let digits = take(while: Self.isDigit)
        switch try peek() {
        case UInt32(UInt8(ascii: "-")) where digits.count == 4, UInt32(UInt8(ascii: ":")): return try readTime(digits)
        default: return try readDecimal(from: start)
        }
    }

    private mutating func readInteger(from start: Int, radix: UInt64, _ kind: String) throws(TOMLError) -> GoValue {
        func isDigit(_ byte: UInt8) -> Bool { GoNumber.digitValue(byte).map { $0 < radix } ?? false }
        guard let first = try peek(), first < 0x80, isDigit(UInt8(first)) else {
            _ = try next()
            throw failure("not \(kind) number: '\(text(from: start).text)'")
        }
        _ = take { $0 == UInt8(ascii: "_") || isDigit($0) }
        return try integer(text(from: start))
    }

    /// The rest of a decimal number that begins at `start`.
    private mutating func readDecimal(from start: Int) throws(TOMLError) -> GoValue {
        _ = take { $0 == UInt8(ascii: "_") || Self.isDigit($0) }
        switch try peek() {
        case UInt32(UInt8(ascii: ".")), UInt32(UInt8(ascii: "e")), UInt32(UInt8(ascii: "E")):
            _ = take { byte in
                switch byte {
                case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"),
                    UInt8(ascii: "E"):
                    true
                default: Self.isDigit(byte)
                }
            }
            return try float(text(from: start))
        default: return try integer(text(from: start))
        }
    }

    private func integer(_ text: Bytes) throws(TOMLError) -> GoValue {
        let shown = GoQuote.quote(text).text
        guard Self.hasGoodUnderscores(text) else {
            throw failure("Invalid integer \(shown): underscores must be surrounded by digits")
        }
        guard !Self.hasLeadingZero(text) else { throw failure("Invalid integer \(shown): cannot have leading zeroes") }
        guard let number = GoNumber.parseInt(text) else { throw failure("\(text.text) is out of range for int64") }
        return .int64(number)
    }

    private func float(_ text: Bytes) throws(TOMLError) -> GoValue {
        let shown = GoQuote.quote(text).text
        let parts = text.split { [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains($0) }.map(
            Bytes.init)
        guard parts.allSatisfy(Self.hasGoodUnderscores) else {
            throw failure("Invalid float \(shown): underscores must be surrounded by digits")
        }
        if let first = parts.first, Self.hasLeadingZero(first) {
            throw failure("Invalid float \(shown): cannot have leading zeroes")
        }
        for (index, byte) in text.enumerated() where byte == UInt8(ascii: ".") {
            guard index + 1 < text.count, Self.isDigit(text[index + 1]) else {
                throw failure("Invalid float \(shown): '.' must be followed by one or more digits")
            }
        }
        let plain = text.filter { $0 != UInt8(ascii: "_") }
        guard let number = Double(plain.text) else { throw failure("Invalid float value: \(shown)") }
        guard number.isFinite else { throw failure("\(text.text) is out of range for float64") }
        return .float64(number)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Whether every underscore stands between digits.
    private static func hasGoodUnderscores(_ text: Bytes) -> Bool {
        var follows = false
        for byte in text {
            if byte == UInt8(ascii: "_"), !follows { return false }
            follows = GoNumber.digitValue(byte).map { $0 < 16 } ?? false
        }
        return follows
    }

    private static func hasLeadingZero(_ text: Bytes) -> Bool {
        let isSigned = text.first == UInt8(ascii: "+") || text.first == UInt8(ascii: "-")
        let digits = text.dropFirst(isSigned ? 1 : 0)
        guard digits.count > 1, digits.first == UInt8(ascii: "0") else { return false }
        return ![UInt8(ascii: "x"), UInt8(ascii: "o"), UInt8(ascii: "b")].contains(digits[digits.startIndex + 1])
    }

    // MARK: Times

    /// What a time may look like, and what Go calls the zone of one that names none.
    private static let layouts: [(layout: Bytes, zone: String?)] = [
        (Bytes("2006-01-02T15:04:05.999999999Z07:00"), nil),
        (Bytes("2006-01-02T15:04:05.999999999"), TimeObject.localZone),
        (Bytes("2006-01-02"), TimeObject.dateZone),
        (Bytes("15:04:05.999999999"), TimeObject.clockZone),
        (Bytes("2006-01-02T15:04Z07:00"), nil),
        (Bytes("2006-01-02T15:04"), TimeObject.localZone),
        (Bytes("15:04"), TimeObject.clockZone),
    ]

    /// A date, a time of the day or both; its first digits are read.
    private mutating func readTime(_ digits: Bytes) throws(TOMLError) -> GoValue {
        var text =
            digits
            + take { byte in
                switch byte {
                case UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "T"), UInt8(ascii: "t"), 0x20,
                    UInt8(ascii: "."),
                    UInt8(ascii: "Z"), UInt8(ascii: "z"), UInt8(ascii: "+"):
                    true
                default: Self.isDigit(byte)
                }
            }
        while text.last == 0x20 { text.removeLast() }
        text = text.map { byte in
            switch byte {
            case UInt8(ascii: "z"): UInt8(ascii: "Z")
            case UInt8(ascii: "t"), 0x20: UInt8(ascii: "T")
            default: byte
            }
        }
        for (layout, zone) in Self.layouts {
            guard var time = GoTimeLayout.parse(text, layout) else { continue }
            if let zone {
                time.seconds -= localOffset
                time.zone = GoTime.Zone(offset: localOffset, name: zone)
            }
            return .object(TimeObject(time))
        }
        throw failure("Invalid TOML Datetime: \(GoQuote.quote(text).text).")
    }
}

extension TimeObject {
    // Go's decoder tells local times by the names of their zones.
    fileprivate static let localZone = "datetime-local"
    fileprivate static let dateZone = "date-local"
    fileprivate static let clockZone = "time-local"

    /// The time as TOML writes it.
    var toml: Bytes {
        let layout =
            switch time.zone.name {
            case Self.localZone: "2006-01-02T15:04:05.999999999"
            case Self.dateZone: "2006-01-02"
            case Self.clockZone: "15:04:05.999999999"
            default: "2006-01-02T15:04:05.999999999Z07:00"
            }
        return Bytes(GoTimeLayout.format(time, layout))
    }
}
