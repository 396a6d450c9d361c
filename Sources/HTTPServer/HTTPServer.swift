// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Glibc

/// An HTTP/1.1 server, on the loopback interface unless it is told otherwise.
///
/// Requests are handed to one closure; no thread waits for its answer. Streams end when their producer returns, when
/// the client hangs up (noticed within half a second), or when the server stops.
public final class HTTPServer: Sendable {
    /// How a server listens.
    public struct Configuration: Sendable {
        /// The address of this machine to listen on; nil for all of them.
        public var host: String? = "127.0.0.1"
        /// The port; 0 takes a free one.
        public var port: UInt16 = 0
        /// Certificate chain and private key for TLS; nil serves plain text.
        public var tls: TLS?
        /// The longest request body that is read, in bytes.
        public var bodyLimit = 3 << 20
        /// The answer to a longer body.
        public var bodyTooLarge = HTTPResponse.text("Request Entity Too Large\n", status: 413)

        /// Makes the default configuration.
        public init() {}
    }

    /// What a TLS server shows and proves.
    public struct TLS: Sendable {
        /// The certificate chain, leaf first, as PEM.
        public var certificatePEM: String
        /// The private key as PEM.
        public var keyPEM: String

        /// Makes a pair.
        public init(certificatePEM: String, keyPEM: String) {
            self.certificatePEM = certificatePEM
            self.keyPEM = keyPEM
        }
    }

    /// What answers requests; its task is cancelled when the client leaves before the answer.
    public typealias RequestHandler = @Sendable (HTTPRequest) async -> HTTPResponse

    /// The port that is listened on.
    public let port: UInt16
    private let daemon: Daemon
    private let exchanges: ExchangeRegistry
    private let monitor: Task<Void, Never>

    /// Starts to listen.
    /// - Throws: `HTTPServerError` when the port is taken or the certificate is refused.
    public init(_ configuration: Configuration, handler: @escaping RequestHandler) throws(HTTPServerError) {
        let exchanges = ExchangeRegistry(configuration, handler: handler)
        self.exchanges = exchanges
        daemon = try Daemon(configuration, exchanges: exchanges)
        port = daemon.port
        monitor = Task {
            // The library does not look at the sockets of suspended connections.
            while (try? await Task.sleep(for: .milliseconds(500))) != nil { exchanges.endAbandoned() }
        }
    }

    deinit { monitor.cancel() }

    /// Breaks every connection that a request waits on or a stream goes over, as when a server dies.
    public func dropConnections() { exchanges.dropAll() }

    /// Ends all streams, answers what is being handled with 503, and stops to listen.
    public func stop() async {
        monitor.cancel()
        await daemon.stop()
    }
}

/// Why a server could not be started.
public struct HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong and with which port.
    public let description: String

    /// Makes an error with a text for people.
    public init(description: String) { self.description = description }
}
