// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes
public import Values

/// A structured log: one line for each event.
///
/// A line begins with `level`, `ts` (RFC 3339, microseconds) and `msg`, a text that never changes for one kind of event;
/// what varies is in further fields. Control characters are escaped: text of others can neither forge a line nor steer a
/// terminal.
public struct Log: Sendable {
    /// How lines are written.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// A JSON object, as log collectors read it.
        case json
        /// `level=info ts=... msg="..."`, for people.
        case text
    }

    /// How much an event matters.
    public enum Level: String, Sendable, Hashable, CaseIterable, Comparable {
        /// For those who search a bug.
        case debug
        /// What goes on.
        case info
        /// What somebody should look at.
        case warn
        /// What keeps the program from its work.
        case error

        /// Orders by weight.
        public static func < (left: Level, right: Level) -> Bool { left.weight < right.weight }

        private var weight: Int {
            switch self {
            case .debug: 0
            case .info: 1
            case .warn: 2
            case .error: 3
            }
        }
    }

    private let minimum: Level
    private let format: Format
    private let time: TimeSource
    private let common: Mapping
    private let write: @Sendable (String) -> Void

    /// Makes a log whose lines, without their ends, go to a function.
    public init(
        from minimum: Level = .info, as format: Format = .json, time: TimeSource = .system,
        to write: @escaping @Sendable (String) -> Void
    ) {
        self.init(minimum, format, time, [:], write)
    }

    private init(
        _ minimum: Level, _ format: Format, _ time: TimeSource, _ common: Mapping,
        _ write: @escaping @Sendable (String) -> Void
    ) {
        self.minimum = minimum
        self.format = format
        self.time = time
        self.common = common
        self.write = write
    }

    /// A log that says nothing.
    public static let silent = Log(from: .error, to: { _ in })

    /// The same log with fields that every line gets.
    public func adding(_ fields: Mapping) -> Log {
        Log(minimum, format, time, common.merging(fields), write)
    }

    /// Writes a line; nothing happens below the log's least level.
    public func event(_ level: Level, _ message: String, _ fields: Mapping = [:]) {
        guard level >= minimum else { return }
        let head: Mapping = [
            "level": .string(level.rawValue), "ts": .string(time.wall().rfc3339Micro), "msg": .string(message),
        ]
        write(LogLine(head.merging(common).merging(fields)).text(format))
    }

    /// Writes a line for those who search a bug.
    public func debug(_ message: String, _ fields: Mapping = [:]) { event(.debug, message, fields) }
    /// Writes a line about what goes on.
    public func info(_ message: String, _ fields: Mapping = [:]) { event(.info, message, fields) }
    /// Writes a line about what somebody should look at.
    public func warn(_ message: String, _ fields: Mapping = [:]) { event(.warn, message, fields) }
    /// Writes a line about what keeps the program from its work.
    public func error(_ message: String, _ fields: Mapping = [:]) { event(.error, message, fields) }
}

extension Mapping {
    fileprivate func merging(_ other: Mapping) -> Mapping {
        var result = self
        for (key, value) in other { result[key] = value }
        return result
    }
}
