// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a simulated container says: some lines when it starts, one again and again, and a last one when it fails.
///
/// The lines are worked out from when the container started and ended. Nothing is stored, so a log is the same whenever it is read,
/// also after a restart of the sandbox.
struct LogScript: Sendable {
    /// A line, and how long after the start it was written.
    struct Step: Sendable {
        var after: Duration
        /// The text; `{time}` stands for the time of the line.
        var text: String
    }

    /// The lines at the start.
    var opening: [Step]
    /// The line that comes again and again, with its period; `{n}` stands for its number.
    var pulse: Step?
    /// The lines of a container that fails.
    var failure: [String]

    /// How many lines a container's log keeps.
    static let capacity = 1000

    /// The lines from a container's start until an instant.
    ///
    /// - Parameters:
    ///   - start: When the container started.
    ///   - end: Up to when, itself included.
    ///   - failed: Whether the container ended then, and badly.
    ///   - scale: How many times faster than real the container runs.
    /// - Returns: At most `capacity` lines, the last ones, in order.
    func lines(from start: Timestamp, until end: Timestamp, failed: Bool, scale: Double) -> [LogLine] {
        let scale = max(scale, 1)
        var lines = opening.map { LogLine(time: start + $0.after / scale, template: $0.text, number: 0) }
            .filter { $0.time <= end }
        if let pulse {
            let period = pulse.after / scale
            let first = start + (opening.last?.after ?? .zero) / scale
            let count = end < first ? 0 : Int(clamping: Int64((end - first) / period))
            if count > 0 {
                for number in max(1, count - Self.capacity + 1)...count {
                    lines.append(LogLine(time: first + period * number, template: pulse.text, number: number))
                }
            }
        }
        if failed { lines += failure.map { LogLine(time: end, template: $0, number: 0) } }
        return Array(lines.suffix(Self.capacity))
    }

    /// When the next line after an instant is due; nil when there is none.
    func next(after instant: Timestamp, start: Timestamp, scale: Double) -> Timestamp? {
        let scale = max(scale, 1)
        for step in opening where start + step.after / scale > instant { return start + step.after / scale }
        guard let pulse else { return nil }
        let first = start + (opening.last?.after ?? .zero) / scale
        let period = pulse.after / scale
        let count = instant < first ? 0 : Int(clamping: Int64((instant - first) / period))
        return first + period * (count + 1)
    }
}

/// One line of a log.
struct LogLine: Sendable, Equatable {
    /// When it was written.
    var time: Timestamp
    /// What it says, without the line end.
    var text: String

    init(time: Timestamp, template: String, number: Int) {
        self.time = time
        text = Self.filled(template, time: time, number: number)
    }

    private static func filled(_ template: String, time: Timestamp, number: Int) -> String {
        var text = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            text += rest[..<open]
            rest = rest[open...]
            if rest.hasPrefix("{time}") {
                text += time.microseconds
                rest = rest.dropFirst(6)
            } else if rest.hasPrefix("{n}") {
                text += "\(number)"
                rest = rest.dropFirst(3)
            } else {
                text += "{"
                rest = rest.dropFirst()
            }
        }
        return text + rest
    }
}
