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
    /// What is known of an end is its second alone: a container that has ended is taken to have said its opening lines.
    ///
    /// - Parameters:
    ///   - start: When the container started.
    ///   - end: Up to when, itself included.
    ///   - ending: How the container ended then; nil while it runs.
    ///   - scale: How many times faster than real the container runs.
    /// - Returns: At most `capacity` lines, the last ones, in order.
    func lines(from start: Timestamp, until end: Timestamp, ending: Ending?, scale: Double) -> [LogLine] {
        let scale = max(scale, 1)
        var lines: [LogLine] = []
        for (position, step) in opening.enumerated() {
            let time = start + step.after / scale
            guard time <= end || ending != nil else { break }
            lines.append(LogLine(place: position, time: min(time, max(end, start)), template: step.text, number: 0))
        }
        if let pulse {
            let period = pulse.after / scale
            let first = start + (opening.last?.after ?? .zero) / scale
            let count = end < first ? 0 : Int(clamping: Int64((end - first) / period))
            if count > 0 {
                for number in max(1, count - Self.capacity + 1)...count {
                    lines.append(
                        LogLine(
                            place: opening.count + number, time: first + period * number, template: pulse.text,
                            number: number))
                }
            }
        }
        if ending == .failed {
            for (position, text) in failure.enumerated() {
                lines.append(LogLine(place: Int.max - failure.count + position, time: end, template: text, number: 0))
            }
        }
        return Array(lines.suffix(Self.capacity))
    }

    /// How a container ended, as far as its log tells.
    enum Ending: Sendable {
        /// Without a word.
        case silent
        /// With the lines of a failure.
        case failed
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
    /// Its place among all the lines of the container's run.
    var place: Int
    /// When it was written.
    var time: Timestamp
    /// What it says, without the line end.
    var text: String

    init(place: Int, time: Timestamp, text: String) {
        self.place = place
        self.time = time
        self.text = text
    }

    init(place: Int, time: Timestamp, template: String, number: Int) {
        self.place = place
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
