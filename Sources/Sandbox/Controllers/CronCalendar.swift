// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The schedule of a CronJob: minute, hour, day, month and weekday, in UTC.
struct CronCalendar: Sendable, Equatable {
    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    private let isAnyDay: Bool
    private let isAnyWeekday: Bool

    /// Reads five fields, or `@hourly` and its like; nil when the text is no schedule.
    init?(_ text: String) {
        let named = [
            "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
            "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
        ]
        let fields = (named[text] ?? text).split(whereSeparator: { $0 == " " || $0 == "\t" })
        let monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        guard fields.count == 5, let minutes = Self.field(fields[0], 0...59),
            let hours = Self.field(fields[1], 0...23), let days = Self.field(fields[2], 1...31),
            let months = Self.field(fields[3], 1...12, names: monthNames),
            let weekdays = Self.field(fields[4], 0...7, names: dayNames)
        else { return nil }
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        self.weekdays = Set(weekdays.map { $0 % 7 })
        isAnyDay = fields[2].first == "*" || fields[2].first == "?"
        isAnyWeekday = fields[4].first == "*" || fields[4].first == "?"
    }

    /// The first time of the schedule after an instant; nil when there is none within four years.
    func next(after instant: Timestamp) -> Timestamp? {
        var seconds = (instant.seconds / 60 + 1) * 60
        let end = seconds + 4 * 366 * 86_400
        while seconds < end {
            let time = Timestamp(seconds: seconds).civil
            if !months.contains(Int(time.month)) || !matchesDay(time.day, seconds) {
                seconds = (seconds / 86_400 + 1) * 86_400
            } else if !hours.contains(Int(time.hour)) {
                seconds = (seconds / 3600 + 1) * 3600
            } else if !minutes.contains(Int(time.minute)) {
                seconds += 60
            } else {
                return Timestamp(seconds: seconds)
            }
        }
        return nil
    }

    private func matchesDay(_ day: Int64, _ seconds: Int64) -> Bool {
        // The first of January 1970 was a Thursday.
        let weekday = Int((seconds / 86_400 + 4) % 7)
        let (onDay, onWeekday) = (days.contains(Int(day)), weekdays.contains(weekday))
        return isAnyDay || isAnyWeekday ? onDay && onWeekday : onDay || onWeekday
    }

    private static func field(_ text: Substring, _ range: ClosedRange<Int>, names: [String] = []) -> Set<Int>? {
        func number(_ text: Substring) -> Int? {
            if let place = names.firstIndex(of: text.lowercased()) { return place + range.lowerBound }
            return Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
        var result: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard let step = pieces.count == 2 ? Int(pieces[1]) : 1, pieces.count <= 2, step > 0 else { return nil }
            let bounds: ClosedRange<Int>
            if pieces[0] == "*" || pieces[0] == "?" {
                bounds = range
            } else {
                let ends = pieces[0].split(separator: "-", omittingEmptySubsequences: false)
                guard let first = ends.first.flatMap(number), ends.count <= 2 else { return nil }
                guard let last = ends.count == 2 ? number(ends[1]) : pieces.count == 2 ? range.upperBound : first,
                    first <= last
                else { return nil }
                bounds = first...last
            }
            for value in stride(from: bounds.lowerBound, through: bounds.upperBound, by: step) { result.insert(value) }
        }
        return result
    }
}
