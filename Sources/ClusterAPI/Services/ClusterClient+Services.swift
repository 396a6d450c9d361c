// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import Values

extension ClusterClient {
    /// Reads a JSON document that an application serves over HTTP, through the API server's service proxy.
    ///
    /// It is asked once: whoever polls asks again anyway, and nobody is to wait long for a word that only informs. It
    /// takes the right to `get` `services/proxy`. The application's content type does not count, as small servers send
    /// JSON as text or HTML. The `path` is the application's own and percent-encoded, `timeout` the time for the whole
    /// exchange, and `limit` the largest body in bytes.
    ///
    /// - Throws: `ServiceProxyError` when the application does not give a document; `APIError` when the API server
    ///   refuses, `TransportError` when it is not reached.
    public func document(
        at path: String, of service: ServiceAddress, timeout: Duration = .seconds(3), limit: Int = 256 << 10
    ) async throws -> Value {
        let description = RequestDescription(.get, path + " of " + service.description)
        let request = HTTPRequest(
            .get, service.proxyPath + path, headers: ["Accept": "application/json, */*"], timeout: timeout,
            responseLimit: limit, lane: lane)
        var exchange = Exchange(request: request, description: description, safety: .read)
        exchange.budget = .zero
        exchange.isForApplication = true
        let response: HTTPResponse
        do {
            response = try await pipeline.send(exchange)
        } catch let error as APIError {
            throw ServiceProxyError(error, service) ?? error
        } catch let error as TransportError {
            switch error.kind {
            case .timeout: throw ServiceProxyError(.timeout, service)
            case .tooLarge: throw ServiceProxyError(.tooLarge, service, detail: "more than \(limit) bytes")
            default: throw error
            }
        }
        guard response.status == 200 else { throw ServiceProxyError(.answered(response.status), service) }
        guard response.body.count <= limit else {
            throw ServiceProxyError(.tooLarge, service, detail: "more than \(limit) bytes")
        }
        do {
            var options = JSONReadingOptions()
            options.depthLimit = 32
            return try Value(json: response.body, options: options)
        } catch {
            throw ServiceProxyError(.notJSON, service, detail: error.description)
        }
    }
}

extension ServiceProxyError {
    /// What the proxy's answer means; nil where it is the API server's own refusal.
    ///
    /// The texts are those of `k8s.io/apiserver` and `k8s.io/apimachinery/pkg/util/proxy`: there are no reasons that would
    /// tell an unready pod from a missing port. Before 1.21 an unreachable pod is told in plain text.
    init?(_ error: APIError, _ service: ServiceAddress) {
        let message = error.message
        func says(_ words: String...) -> Bool { words.contains { message.contains($0) } }
        switch error.code {
        case 404 where !error.status.isForeign && error.status.details.kind == "services":
            self.init(.noService, service)
        case 503 where says("no endpoints available"): self.init(.noEndpoints, service)
        case 503 where says("no service port"): self.init(.noPort, service)
        case 400... where says("error trying to reach service", "Trying to reach:"):
            let isLate = says("i/o timeout", "deadline exceeded", "Client.Timeout")
            self.init(isLate ? .timeout : .refused, service, detail: Self.cause(message))
        case 504 where !error.status.isForeign: self.init(.timeout, service)
        case _ where error.status.isForeign: self.init(.answered(error.code), service)
        default: return nil
        }
    }

    /// The network's words without the frame around them.
    private static func cause(_ message: String) -> String {
        var words = message[...]
        for frame in ["error trying to reach service: ", "Error: '"] {
            if let found = words.firstRange(of: frame) { words = words[found.upperBound...] }
        }
        if let rest = words.firstRange(of: "' Trying to reach:") { words = words[..<rest.lowerBound] }
        return String(words)
    }
}
