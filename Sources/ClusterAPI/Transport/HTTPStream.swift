// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// An answer whose body is still coming.
public struct HTTPStream: Sendable {
    /// The HTTP status code.
    public var status: Int
    /// The header fields.
    public var headers: HTTPFields
    /// The body as it arrives.
    public var body: HTTPBody

    /// Makes an answer.
    public init(status: Int, headers: HTTPFields = HTTPFields(), body: HTTPBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The chunks of a body in the order they arrive, for one reader.
///
/// It throws `TransportError` when the connection breaks, and ends the exchange when its last copy goes away.
public struct HTTPBody: AsyncSequence, Sendable {
    private let read: @Sendable () async throws -> [UInt8]?

    /// Makes a body of a function that gives the next chunk, and nil at the end.
    public init(_ read: @escaping @Sendable () async throws -> [UInt8]?) {
        self.read = read
    }

    /// Reads one chunk after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let read: @Sendable () async throws -> [UInt8]?

        /// The next chunk; nil at the end.
        public mutating func next() async throws -> [UInt8]? { try await read() }
    }

    /// Starts reading.
    public func makeAsyncIterator() -> Iterator { Iterator(read: read) }
}
