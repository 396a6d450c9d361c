// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Durations as kubectl's users read them: `45s`, `4m27s`, `3h5m`, `2d4h`, `400d`, `2y35d`.
enum HumanDuration {
    /// Writes a duration with at most two units, the smaller one only while it matters.
    ///
    /// A clock that is up to a second behind counts as now; one further behind gives `<invalid>`.
    static func text(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 120 { return "\(seconds)s" }
        let minutes = seconds / 60
        if minutes < 10 { return pair(minutes, "m", seconds % 60, "s") }
        if minutes < 180 { return "\(minutes)m" }
        let hours = minutes / 60
        if hours < 8 { return pair(hours, "h", minutes % 60, "m") }
        if hours < 48 { return "\(hours)h" }
        let days = hours / 24
        if days < 8 { return pair(days, "d", hours % 24, "h") }
        if days < 365 * 2 { return "\(days)d" }
        let years = days / 365
        return years < 8 ? pair(years, "y", days % 365, "d") : "\(years)y"
    }

    /// The age of something that happened at an instant; `<unknown>` without one.
    static func since(_ instant: Timestamp?, now: Timestamp) -> String {
        instant.map { text(now - $0) } ?? "<unknown>"
    }

    private static func pair(_ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String) -> String {
        small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit)\(small)\(smallUnit)"
    }
}
