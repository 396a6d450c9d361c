// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Carries requests to an API server with libcurl: HTTP/2 where the server has it, HTTP/1.1 else.
///
/// Each lane has connections of its own, so that a slow stream cannot hold up a write, nor a write the lock. Connections
/// are opened when they are first needed and closed with the transport.
public final class CurlTransport: HTTPTransport {
    /// Where requests go.
    public let endpoint: ServerEndpoint
    private let unary = CurlLoop()
    private let streams = CurlLoop()
    private let lease = CurlLoop()

    /// Makes a transport; nothing is sent yet.
    public init(_ endpoint: ServerEndpoint) {
        self.endpoint = endpoint
    }

    deinit {
        for loop in [unary, streams, lease] { loop.stop() }
    }

    /// Sends a request and waits for the whole answer.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        do {
            return try await exchange(request)
        } catch let error as TransportError where error.kind == .unknownAuthority {
            throw await explained(error)
        }
    }

    /// The failure with what the server's certificate says about its authority: sends nothing, believes nothing.
    private func explained(_ error: TransportError) async -> TransportError {
        var probe = HTTPRequest(.get, "/", timeout: .seconds(10))
        probe.lane = .status
        guard let shown = try? await exchange(probe, for: .lookAtCertificates),
            let certificate = try? Certificate.bundle(pem: String(decoding: shown.body, as: UTF8.self)).last,
            let fingerprint = try? certificate.fingerprint()
        else { return error }
        var error = error
        error.message += "; it is signed by \(certificate.issuer) (last certificate: SHA-256 \(fingerprint))"
        return error
    }

    private func exchange(
        _ request: HTTPRequest, for purpose: CurlTransfer.Purpose = .exchange
    ) async throws -> HTTPResponse {
        let exchange = CurlExchange(request, over: loop(for: request.lane), of: self, for: purpose)
        return try await exchange.whileCancellable { exchange in
            let (status, headers) = try await exchange.sink.head()
            var body: [UInt8] = []
            while let (bytes, wasPaused) = try await exchange.sink.bytes() {
                if wasPaused { exchange.resume() }
                if body.isEmpty { body = bytes } else { body += bytes }
            }
            return HTTPResponse(status: status, headers: headers, body: body)
        }
    }

    /// Sends a request and returns with the head of the answer.
    public func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        let exchange = CurlExchange(request, over: loop(for: request.lane), of: self, for: .exchange)
        let (status, headers) = try await exchange.whileCancellable { try await $0.sink.head() }
        let body = HTTPBody {
            try await exchange.whileCancellable { exchange in
                guard let (bytes, wasPaused) = try await exchange.sink.bytes() else { return nil }
                if wasPaused { exchange.resume() }
                return bytes
            }
        }
        return HTTPStream(status: status, headers: headers, body: body)
    }

    private func loop(for lane: HTTPRequest.Lane) -> CurlLoop {
        switch lane {
        case .writes, .status: unary
        case .streams: streams
        case .lease: lease
        }
    }
}

/// One exchange as its reader holds it: when nobody holds it any more, it ends.
private final class CurlExchange: Sendable {
    let sink = TransferSink()
    private let loop: CurlLoop
    private let id: UInt64
    /// Kept, because its end stops the loop.
    private let transport: CurlTransport

    init(
        _ request: HTTPRequest, over loop: CurlLoop, of transport: CurlTransport, for purpose: CurlTransfer.Purpose
    ) {
        self.loop = loop
        self.transport = transport
        var endpoint = transport.endpoint
        if purpose == .lookAtCertificates { endpoint.trust = .nobody }
        id = loop.start(request, to: endpoint, into: sink, for: purpose)
    }

    deinit {
        loop.cancel(id)
    }

    func resume() { loop.resume(id) }

    /// Reads; a cancelled task ends the exchange, and the sink then throws `CancellationError`.
    func whileCancellable<Result>(_ read: (CurlExchange) async throws -> Result) async throws -> Result {
        try await withTaskCancellationHandler {
            try await read(self)
        } onCancel: {
            loop.cancel(id)
        }
    }
}
