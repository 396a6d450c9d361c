// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// An answer to a request.
public struct HTTPResponse: Sendable {
    /// What follows the header.
    public enum Body: Sendable {
        /// Bytes, sent with their length.
        case bytes([UInt8])
        /// Chunks, written as they come into being until the closure returns; its task is cancelled when the client leaves.
        case stream(@Sendable (HTTPBodyWriter) async -> Void)
        /// Nothing, not even a header: the connection is closed at once, as when a server dies.
        case dropped
    }

    /// The status code.
    public var status: Int
    /// The header fields; lengths and the date are added by the server.
    public var headers: HTTPHeaders
    /// What follows the header.
    public var body: Body

    /// Makes a response.
    public init(status: Int, headers: HTTPHeaders = [:], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A plain text.
    public static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(Array(text.utf8)))
    }

    /// No answer at all: the connection is closed.
    public static let dropped = HTTPResponse(status: 0, body: .dropped)
}

/// Where the chunks of a streamed body are written to.
public struct HTTPBodyWriter: Sendable {
    let exchange: Exchange

    /// Sends bytes as soon as the client takes them; they are kept in memory until then, and thrown away once it has left.
    public func write(_ bytes: some Collection<UInt8>) { exchange.write(bytes) }

    /// Breaks the connection instead of ending the body properly, as when a server dies in the middle.
    public func abort() { exchange.abortStream() }
}
