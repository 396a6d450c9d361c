// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A moment of wall time, in UTC, to the nanosecond.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
    public var seconds: Int64
    /// Nanoseconds within the second, `0..<1_000_000_000`.
    public var nanoseconds: Int32

    /// Makes a moment of seconds and nanoseconds since 1970.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Orders by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// The moment after a duration.
    public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        var result = Timestamp(
            seconds: moment.seconds + seconds,
            nanoseconds: moment.nanoseconds + Int32(truncatingIfNeeded: attoseconds / 1_000_000_000))
        if result.nanoseconds >= 1_000_000_000 {
            result.seconds += 1
            result.nanoseconds -= 1_000_000_000
        } else if result.nanoseconds < 0 {
            result.seconds -= 1
            result.nanoseconds += 1_000_000_000
        }
        return result
    }

    /// The time from the right moment to the left one.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        .seconds(left.seconds - right.seconds) + .nanoseconds(Int64(left.nanoseconds) - Int64(right.nanoseconds))
    }
}

extension Timestamp {
    /// The year, month, day, hour, minute and second in UTC.
    public var civil: CivilTime { CivilTime(seconds: seconds) }

    /// RFC 3339 in whole seconds, as `metav1.Time`: `2026-11-20T11:37:28Z`.
    public var rfc3339: String { civil.date + "T" + civil.time + "Z" }

    /// RFC 3339 with six digits of fraction, as `metav1.MicroTime`: `2026-11-20T11:37:28.000001Z`.
    public var rfc3339Micro: String {
        civil.date + "T" + civil.time + "." + CivilTime.padded(Int64(nanoseconds / 1000), to: 6) + "Z"
    }

    /// Reads RFC 3339: any number of fraction digits, `Z` or an offset; nil for anything else.
    public init?(rfc3339 text: String) {
        var reader = FixedFormatReader(text)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2), let civil = CivilTime(year, month, day, hour, minute, second)
        else { return nil }
        var nanoseconds: Int32 = 0
        if reader.take(".") {
            guard let fraction = reader.fraction() else { return nil }
            nanoseconds = fraction
        }
        var offset: Int64 = 0
        if !reader.take("Z"), !reader.take("z") {
            let sign: Int64
            if reader.take("+") { sign = 1 } else if reader.take("-") { sign = -1 } else { return nil }
            guard let hours = reader.number(2), reader.take(":"), let minutes = reader.number(2), hours < 24,
                minutes < 60
            else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard reader.isAtEnd else { return nil }
        self.init(seconds: civil.secondsSince1970 - offset, nanoseconds: nanoseconds)
    }

    /// Reads the date of an HTTP header: `Fri, 20 Nov 2026 11:37:28 GMT`; nil for anything else.
    public init?(httpDate text: String) {
        guard let comma = text.firstIndex(of: ",") else { return nil }
        var reader = FixedFormatReader(String(text[text.index(after: comma)...]))
        guard reader.take(" "), let day = reader.number(2), reader.take(" "), let month = reader.month(),
            reader.take(" "),
            let year = reader.number(4), reader.take(" "), let hour = reader.number(2), reader.take(":"),
            let minute = reader.number(2), reader.take(":"), let second = reader.number(2), reader.take(" GMT"),
            reader.isAtEnd, let civil = CivilTime(year, month, day, hour, minute, second)
        else { return nil }
        self.init(seconds: civil.secondsSince1970)
    }
}

/// Reads numbers of fixed width and single characters from the start of a text.
private struct FixedFormatReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ expected: StaticString) -> Bool {
        let bytes = expected.withUTF8Buffer { Array($0) }
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        let digits = rest.prefix(width)
        guard digits.count == width, digits.allSatisfy(Self.isDigit) else { return nil }
        rest = rest.dropFirst(width)
        return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    mutating func fraction() -> Int32? {
        let digits = rest.prefix(while: Self.isDigit)
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        // Digits beyond nanoseconds are dropped, missing ones are zeros.
        var result: Int32 = 0
        var kept = digits.prefix(9).makeIterator()
        for _ in 0..<9 { result = result * 10 + Int32((kept.next() ?? UInt8(ascii: "0")) - UInt8(ascii: "0")) }
        return result
    }

    mutating func month() -> Int64? {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let found = names.firstIndex(where: { rest.starts(with: $0.utf8) }) else { return nil }
        rest = rest.dropFirst(3)
        return Int64(found + 1)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
