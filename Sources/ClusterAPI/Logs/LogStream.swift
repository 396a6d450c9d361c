// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The lines of one container's log.
///
/// A followed log goes on over broken connections from the last line it gave, and ends when the container does. It
/// throws `APIError` when the server refuses: 400 while the container has not started.
public struct LogStream: AsyncSequence, Sendable {
    let client: ClusterClient
    let pod: ObjectKey
    let options: LogOptions

    /// Reads one line after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private var reading: LogReading

        fileprivate init(_ stream: LogStream) {
            reading = LogReading(client: stream.client, pod: stream.pod, options: stream.options)
        }

        /// The next line; nil at the end.
        public mutating func next() async throws -> LogLine? { try await reading.next() }
    }

    /// Opens the log when the first line is asked for.
    public func makeAsyncIterator() -> Iterator { Iterator(self) }
}

extension ClusterClient {
    /// The log of a pod's container.
    public func logs(of pod: ObjectKey, options: LogOptions = LogOptions()) -> LogStream {
        LogStream(client: self, pod: pod, options: options)
    }
}
