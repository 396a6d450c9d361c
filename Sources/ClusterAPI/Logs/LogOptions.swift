// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// Which part of a container's log is read.
public struct LogOptions: Sendable, Hashable {
    /// The container; nil for the only one.
    public var container: String?
    /// Whether to wait for more lines.
    public var follow = false
    /// How many of the last lines; nil for all.
    public var tail: Int?
    /// Only lines after this moment.
    public var since: Timestamp?
    /// Whether the run before the present one is meant.
    public var previous = false

    /// Reads the whole log of the only container.
    public init(
        container: String? = nil, follow: Bool = false, tail: Int? = nil, since: Timestamp? = nil,
        previous: Bool = false
    ) {
        self.container = container
        self.follow = follow
        self.tail = tail
        self.since = since
        self.previous = previous
    }

    /// The query parameters; the server's time stamps are always asked for, to go on after a broken connection.
    var query: [(String, String)] {
        var query = [("timestamps", "true")]
        if let container { query.append(("container", container)) }
        if follow { query.append(("follow", "true")) }
        if previous { query.append(("previous", "true")) }
        if let tail { query.append(("tailLines", String(tail))) }
        if let since { query.append(("sinceTime", since.rfc3339)) }
        return query
    }
}

/// One line of a container's log.
public struct LogLine: Sendable, Hashable {
    /// The pod.
    public var pod: String
    /// The container.
    public var container: String
    /// When the container runtime got the line, as the server wrote it; empty when it did not say.
    public var timestamp: String
    /// The line without its end; bytes that are not UTF-8 are replaced.
    public var text: String

    /// Makes a line.
    public init(pod: String, container: String, timestamp: String, text: String) {
        self.pod = pod
        self.container = container
        self.timestamp = timestamp
        self.text = text
    }
}
