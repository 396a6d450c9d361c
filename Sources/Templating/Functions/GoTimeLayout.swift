// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Go's layouts, which spell out how the second of January 2006, 15:04:05 in the zone MST (-0700) would be written.
enum GoTimeLayout {
    enum Part {
        case literal(Bytes)
        case longMonth, month, numericMonth, paddedMonth
        case longWeekday, weekday
        case day, spacedDay, paddedDay, dayOfYear
        case hour24, hour12, paddedHour12
        case minute, paddedMinute, second, paddedSecond
        case longYear, year
        case upperHalf, lowerHalf
        case zoneName
        case offset(colons: Bool, seconds: Bool, short: Bool, zulu: Bool)
        case fraction(digits: Int, trims: Bool)
    }

    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// Longer spellings come before their beginnings.
    private static let spellings: [(Bytes, Part)] = [
        (Bytes("January"), .longMonth), (Bytes("Jan"), .month), (Bytes("Monday"), .longWeekday),
        (Bytes("Mon"), .weekday), (Bytes("MST"), .zoneName), (Bytes("002"), .dayOfYear),
        (Bytes("01"), .paddedMonth), (Bytes("02"), .paddedDay), (Bytes("03"), .paddedHour12),
        (Bytes("04"), .paddedMinute), (Bytes("05"), .paddedSecond), (Bytes("06"), .year), (Bytes("15"), .hour24),
        (Bytes("1"), .numericMonth), (Bytes("2006"), .longYear), (Bytes("_2006"), .literal(Bytes("_"))),
        (Bytes("2"), .day), (Bytes("_2"), .spacedDay), (Bytes("3"), .hour12), (Bytes("4"), .minute),
        (Bytes("5"), .second), (Bytes("PM"), .upperHalf), (Bytes("pm"), .lowerHalf),
        (Bytes("-07:00:00"), .offset(colons: true, seconds: true, short: false, zulu: false)),
        (Bytes("-070000"), .offset(colons: false, seconds: true, short: false, zulu: false)),
        (Bytes("-07:00"), .offset(colons: true, seconds: false, short: false, zulu: false)),
        (Bytes("-0700"), .offset(colons: false, seconds: false, short: false, zulu: false)),
        (Bytes("-07"), .offset(colons: false, seconds: false, short: true, zulu: false)),
        (Bytes("Z07:00:00"), .offset(colons: true, seconds: true, short: false, zulu: true)),
        (Bytes("Z070000"), .offset(colons: false, seconds: true, short: false, zulu: true)),
        (Bytes("Z07:00"), .offset(colons: true, seconds: false, short: false, zulu: true)),
        (Bytes("Z0700"), .offset(colons: false, seconds: false, short: false, zulu: true)),
        (Bytes("Z07"), .offset(colons: false, seconds: false, short: true, zulu: true)),
    ]

    static func parts(of layout: Bytes) -> [Part] {
        var result: [Part] = []
        var literal = Bytes()
        var index = 0
        while index < layout.count {
            guard let (part, length) = part(of: layout, at: index) else {
                literal.append(layout[index])
                index += 1
                continue
            }
            if !literal.isEmpty { result.append(.literal(literal)) }
            literal = []
            result.append(part)
            index += length
        }
        return literal.isEmpty ? result : result + [.literal(literal)]
    }

    private static func part(of layout: Bytes, at index: Int) -> (Part, length: Int)? {
        if layout.hasPrefix(Bytes("_2006"), at: index) { return (.literal(Bytes("_")), 1) }
        if let fraction = fraction(of: layout, at: index) { return fraction }
        for (spelling, part) in spellings where layout.hasPrefix(spelling, at: index) {
            // "Month" is a word, "Mon" a weekday only if no lower-case letter follows.
            if spelling == Bytes("Jan") || spelling == Bytes("Mon") {
                let next = index + spelling.count
                if next < layout.count, Rune.isLower(UInt32(layout[next])) { continue }
            }
            return (part, spelling.count)
        }
        return nil
    }

    /// `.000`, `,000`, `.999` after seconds, when no digit follows.
    private static func fraction(of layout: Bytes, at index: Int) -> (Part, length: Int)? {
        guard layout[index] == UInt8(ascii: ".") || layout[index] == UInt8(ascii: ","), index + 1 < layout.count,
            layout[index + 1] == 0x30 || layout[index + 1] == 0x39
        else { return nil }
        let digit = layout[index + 1]
        let count = layout[(index + 1)...].prefix { $0 == digit }.count
        let end = index + 1 + count
        if end < layout.count, (0x30...0x39).contains(layout[end]) { return nil }
        return (.fraction(digits: count, trims: digit == 0x39), 1 + count)
    }

    static func format(_ time: GoTime, _ layout: String) -> String {
        let fields = time.fields
        return parts(of: Bytes(layout)).map { text($0, time, fields) }.joined()
    }

    private static func text(_ part: Part, _ time: GoTime, _ fields: GoTime.Fields) -> String {
        switch part {
        case .literal(let text): text.text
        case .longMonth: months[fields.month - 1]
        case .month: String(months[fields.month - 1].prefix(3))
        case .numericMonth: String(fields.month)
        case .paddedMonth: padded(fields.month)
        case .longWeekday: weekdays[fields.weekday]
        case .weekday: String(weekdays[fields.weekday].prefix(3))
        case .day: String(fields.day)
        case .spacedDay: fields.day < 10 ? " \(fields.day)" : String(fields.day)
        case .paddedDay: padded(fields.day)
        case .dayOfYear: padded(fields.dayOfYear, 3)
        case .hour24: padded(fields.hour)
        case .hour12: String((fields.hour + 11) % 12 + 1)
        case .paddedHour12: padded((fields.hour + 11) % 12 + 1)
        case .minute: String(fields.minute)
        case .paddedMinute: padded(fields.minute)
        case .second: String(fields.second)
        case .paddedSecond: padded(fields.second)
        case .longYear: padded(Int(fields.year), 4)
        case .year: padded(Int(fields.year % 100))
        case .upperHalf: fields.hour < 12 ? "AM" : "PM"
        case .lowerHalf: fields.hour < 12 ? "am" : "pm"
        // A zone without a name shows its offset.
        case .zoneName: time.zone.name.isEmpty ? offset(time.zone.offset, false, false, false) : time.zone.name
        case .offset(let colons, let seconds, let short, let zulu):
            zulu && time.zone.offset == 0 ? "Z" : offset(time.zone.offset, colons, seconds, short)
        case .fraction(let digits, let trims): fraction(time.nanoseconds, digits, trims)
        }
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func offset(_ offset: Int64, _ colons: Bool, _ seconds: Bool, _ short: Bool) -> String {
        let magnitude = Int(offset.magnitude)
        var parts = [padded(magnitude / 3600)]
        if !short { parts.append(padded(magnitude / 60 % 60)) }
        if seconds { parts.append(padded(magnitude % 60)) }
        return (offset < 0 ? "-" : "+") + parts.joined(separator: colons ? ":" : "")
    }

    private static func fraction(_ nanoseconds: Int, _ digits: Int, _ trims: Bool) -> String {
        var text = String(padded(nanoseconds, 9).prefix(digits))
        if trims {
            while text.hasSuffix("0") { text.removeLast() }
            if text.isEmpty { return "" }
        }
        return "." + text
    }
}
