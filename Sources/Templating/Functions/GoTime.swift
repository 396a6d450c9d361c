// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A point in time in a zone, as Go's `time.Time`.
struct GoTime: Equatable {
    /// Since 1970.
    var seconds: Int64
    var nanoseconds: Int = 0
    var zone = Zone.utc

    struct Zone: Equatable {
        /// East of Greenwich.
        var offset: Int64
        var name: String

        static let utc = Zone(offset: 0, name: "UTC")
    }

    /// Year 1, Go's zero time.
    static let zero = GoTime(seconds: -62_135_596_800)

    /// The calendar's view.
    struct Fields {
        var year: Int64
        var month: Int
        var day: Int
        var hour: Int
        var minute: Int
        var second: Int
        /// 0 is Sunday.
        var weekday: Int
        var dayOfYear: Int
    }

    var fields: Fields {
        let local = seconds + zone.offset
        let days = Self.floorDivide(local, 86400)
        let rest = Int(local - days * 86400)
        let (year, month, day) = Self.civil(days)
        return Fields(
            year: year, month: month, day: day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60,
            weekday: Int(Self.modulo(days + 4, 7)), dayOfYear: Int(days - Self.days(year, 1, 1)) + 1)
    }

    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    private static func modulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        value - floorDivide(value, divisor) * divisor
    }

    /// Days since 1970 of a date in the Gregorian calendar.
    static func days(_ year: Int64, _ month: Int, _ day: Int) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let place = (5 * dayOfYear + 2) / 153
        let month = Int(place < 10 ? place + 3 : place - 9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, Int(dayOfYear - (153 * place + 2) / 5 + 1))
    }

    /// The same time in the zone of this machine.
    var local: GoTime {
        var result = self
        var time = time_t(seconds)
        withUnsafeTemporaryAllocation(of: tm.self, capacity: 1) { buffer in
            guard let fields = buffer.baseAddress, localtime_r(&time, fields) != nil else { return }
            let name = fields.pointee.tm_zone.map { String(cString: $0) } ?? "UTC"
            result.zone = Zone(offset: Int64(fields.pointee.tm_gmtoff), name: name)
        }
        return result
    }
}

/// A time in templates.
final class TimeObject: GoObject {
    let time: GoTime
    /// Go shows its monotonic clock with the times that `now` gives.
    private let isMonotonic: Bool

    init(_ time: GoTime, isMonotonic: Bool = false) {
        self.time = time
        self.isMonotonic = isMonotonic
    }

    static let goType = GoType.named("time.Time", kind: .structure)

    override var type: GoType { Self.goType }

    override var printed: Bytes {
        Bytes(GoTimeLayout.format(time, "2006-01-02 15:04:05.999999999 -0700 MST"))
            + (isMonotonic ? Bytes(" m=+0.000000001") : [])
    }

    override var encoded: GoValue { .text(GoTimeLayout.format(time, "2006-01-02T15:04:05.999999999Z07:00")) }

    override func equals(_ other: GoObject) -> Bool {
        (other as? TimeObject).map { $0 === self } ?? false
    }

    override func method(_ name: Bytes) -> Method? {
        let fields = time.fields
        switch name.text {
        case "Format": return Method([.string]) { [time] in .text(GoTimeLayout.format(time, $0.text(0).text)) }
        case "Unix": return Method { [time] _ in .int64(time.seconds) }
        case "UnixNano":
            return Method { [time] _ in .int64(time.seconds &* 1_000_000_000 &+ Int64(time.nanoseconds)) }
        case "Year": return Method { _ in .int(Int(fields.year)) }
        case "Day": return Method { _ in .int(fields.day) }
        case "Hour": return Method { _ in .int(fields.hour) }
        case "Minute": return Method { _ in .int(fields.minute) }
        case "Second": return Method { _ in .int(fields.second) }
        case "YearDay": return Method { _ in .int(fields.dayOfYear) }
        case "UTC":
            return Method { [time] _ in
                .object(TimeObject(GoTime(seconds: time.seconds, nanoseconds: time.nanoseconds)))
            }
        case "String": return Method { [printed] _ in .string(printed) }
        case "IsZero": return Method { [time] _ in .bool(time.seconds == GoTime.zero.seconds && time.nanoseconds == 0) }
        default: return nil
        }
    }
}
