// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Carries requests to one API server: the seam between the client and the network.
///
/// It sends what it is given and adds nothing of meaning: credentials, retries and the reading of answers are the
/// client's. A cancelled task ends its exchange and throws `CancellationError`.
public protocol HTTPTransport: Sendable {
    /// Sends a request and waits for the whole answer, whatever its status.
    ///
    /// - Throws: `TransportError` when there is no answer.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse

    /// Sends a request and returns as soon as the head of the answer is there.
    ///
    /// - Throws: `TransportError` when there is no answer.
    func stream(_ request: HTTPRequest) async throws -> HTTPStream
}
