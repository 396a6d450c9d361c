// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The changes of a collection from one version on, until the server or the reader ends it.
///
/// One watch, nothing more: `Reflector` lists, watches and starts over. It throws `APIError` for an `ERROR` event
/// (`isExpired` when the version is too old) and `TransportError` when the connection breaks.
public struct WatchStream: AsyncSequence, Sendable {
    let open: @Sendable () async throws -> HTTPStream
    let request: RequestDescription

    /// Reads one event after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let open: @Sendable () async throws -> HTTPStream
        fileprivate var decoder: WatchDecoder
        private var body: HTTPBody.Iterator?
        private var ready: [WatchEvent] = []
        private var hasEnded = false

        fileprivate init(_ stream: WatchStream) {
            open = stream.open
            decoder = WatchDecoder(request: stream.request)
        }

        /// The next event; nil when the server ended the watch.
        public mutating func next() async throws -> WatchEvent? {
            while ready.isEmpty, !hasEnded {
                if body == nil { body = try await open().body.makeAsyncIterator() }
                if let chunk = try await body?.next() {
                    ready = try decoder.events(in: chunk).reversed()
                } else {
                    hasEnded = true
                    try decoder.finish()
                }
            }
            return ready.popLast()
        }
    }

    /// Opens the watch when the first event is asked for.
    public func makeAsyncIterator() -> Iterator { Iterator(self) }
}
