// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension GoTimeLayout {
    /// Reads a time; nil when it does not follow the layout.
    static func parse(_ text: Bytes, _ layout: Bytes) -> GoTime? {
        var reader = TimeReader(text: text)
        for part in parts(of: layout) {
            guard reader.read(part) else { return nil }
        }
        return reader.time
    }

    /// A text being read by a layout.
    private struct TimeReader {
        let text: Bytes
        var index = 0
        var year: Int64 = 0
        var month = 1
        var day = 1
        var hour = 0
        var minute = 0
        var second = 0
        var nanoseconds = 0
        var isAfternoon: Bool?
        var zone = GoTime.Zone.utc

        init(text: Bytes) {
            self.text = text
        }

        var time: GoTime? {
            guard index == text.count, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
                second < 60
            else { return nil }
            var hour = hour
            if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
            let days = GoTime.days(year, month, day)
            let local = days * 86400 + Int64(hour * 3600 + minute * 60 + second)
            let result = GoTime(seconds: local - zone.offset, nanoseconds: nanoseconds, zone: zone)
            // 31 February reads as March: no such day.
            return result.fields.day == day ? result : nil
        }

        mutating func read(_ part: Part) -> Bool {
            switch part {
            case .literal(let literal):
                guard text.hasPrefix(literal, at: index) else { return false }
                index += literal.count
                return true
            case .longMonth: return name(months) { $0.month = $1 + 1 }
            case .month: return name(months.map { String($0.prefix(3)) }) { $0.month = $1 + 1 }
            case .longWeekday: return name(weekdays) { _, _ in }
            case .weekday: return name(weekdays.map { String($0.prefix(3)) }) { _, _ in }
            case .numericMonth: return number(1...2) { $0.month = $1 }
            case .paddedMonth: return number(2...2) { $0.month = $1 }
            case .day: return number(1...2) { $0.day = $1 }
            case .spacedDay:
                if index < text.count, text[index] == 0x20 { index += 1 }
                return number(1...2) { $0.day = $1 }
            case .paddedDay: return number(2...2) { $0.day = $1 }
            case .dayOfYear:
                return number(3...3) { reader, value in
                    let fields = GoTime(seconds: (GoTime.days(reader.year, 1, 1) + Int64(value) - 1) * 86400).fields
                    (reader.month, reader.day) = (fields.month, fields.day)
                }
            case .hour24, .paddedHour12: return number(2...2) { $0.hour = $1 }
            case .hour12: return number(1...2) { $0.hour = $1 }
            case .minute: return number(1...2) { $0.minute = $1 }
            case .paddedMinute: return number(2...2) { $0.minute = $1 }
            case .second: return number(1...2) { $0.second = $1 } && optionalFraction()
            case .paddedSecond: return number(2...2) { $0.second = $1 } && optionalFraction()
            case .longYear: return number(4...4) { $0.year = Int64($1) }
            case .year: return number(2...2) { $0.year = Int64($1 >= 69 ? 1900 + $1 : 2000 + $1) }
            case .upperHalf: return name(["AM", "PM"]) { $0.isAfternoon = $1 == 1 }
            case .lowerHalf: return name(["am", "pm"]) { $0.isAfternoon = $1 == 1 }
            case .zoneName: return zoneName()
            case .offset(let colons, let seconds, let short, let zulu):
                return offset(colons: colons, seconds: seconds, short: short, zulu: zulu)
            case .fraction: return optionalFraction()
            }
        }

        private mutating func number(_ digits: ClosedRange<Int>, _ set: (inout TimeReader, Int) -> Void) -> Bool {
            let found = text[index...].prefix(digits.upperBound).prefix { (0x30...0x39).contains($0) }
            guard digits.contains(found.count) else { return false }
            index += found.count
            set(&self, found.reduce(0) { $0 * 10 + Int($1) - 48 })
            return true
        }

        private mutating func name(_ names: [String], _ set: (inout TimeReader, Int) -> Void) -> Bool {
            for (place, name) in names.enumerated() {
                let end = index + name.utf8.count
                guard end <= text.count, Bytes(text[index..<end]).text.lowercased() == name.lowercased() else {
                    continue
                }
                index = end
                set(&self, place)
                return true
            }
            return false
        }

        /// Fractions are read after seconds even where the layout has none.
        private mutating func optionalFraction() -> Bool {
            guard index + 1 < text.count, text[index] == UInt8(ascii: ".") || text[index] == UInt8(ascii: ","),
                (0x30...0x39).contains(text[index + 1])
            else { return true }
            let digits = text[(index + 1)...].prefix { (0x30...0x39).contains($0) }
            index += 1 + digits.count
            let padded = (Bytes(digits.prefix(9)) + Bytes(repeating: 0x30, count: max(0, 9 - digits.count)))
            nanoseconds = padded.reduce(0) { $0 * 10 + Int($1) - 48 }
            return true
        }

        private mutating func zoneName() -> Bool {
            let name = text[index...].prefix { (0x41...0x5A).contains($0) }
            guard (3...5).contains(name.count) else { return false }
            index += name.count
            zone = GoTime.Zone(offset: 0, name: Bytes(name).text)
            return true
        }

        private mutating func offset(colons: Bool, seconds: Bool, short: Bool, zulu: Bool) -> Bool {
            if zulu, index < text.count, text[index] == UInt8(ascii: "Z") {
                index += 1
                zone = .utc
                return true
            }
            guard index < text.count, text[index] == 0x2B || text[index] == 0x2D else { return false }
            let sign: Int64 = text[index] == 0x2D ? -1 : 1
            index += 1
            var total: Int64 = 0
            for size in [3600, 60, 1].prefix(short ? 1 : seconds ? 3 : 2) {
                if size != 3600, colons {
                    guard index < text.count, text[index] == UInt8(ascii: ":") else { return false }
                    index += 1
                }
                var isRead = false
                isRead = number(2...2) { _, value in total += Int64(value * size) }
                guard isRead else { return false }
            }
            zone = GoTime.Zone(offset: sign * total, name: total == 0 ? "UTC" : "")
            return true
        }
    }
}
