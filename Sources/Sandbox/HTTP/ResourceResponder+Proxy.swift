// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

extension ResourceResponder {
    /// Passes a request on to a port of a pod, and its answer back.
    func proxy() async throws -> HTTPResponse {
        let text = request.path.name ?? ""
        let isService = request.resource.groupResource == .services
        guard let target = ProxyTarget(text) else {
            let kind = isService ? "service" : "pod"
            throw StatusError.badRequest("invalid \(kind) request \"\(text)\"")
        }
        let path = tail
        // Relative links of the page must lead below it.
        if path.isEmpty, ["GET", "HEAD"].contains(request.http.method) {
            return HTTPResponse(status: 301, headers: ["Location": "\(request.http.encodedPath)/"])
        }
        let network = router.network
        await network.wait(namespace: request.namespace, name: target.name)
        let resolution = ProxyResolution(store: api.store, namespace: request.namespace)
        let port: PodPort
        do {
            port = try isService ? resolution.service(target, asked: text) : resolution.pod(target)
        } catch let error as StatusError {
            // A test may let a Service answer that has no pods yet.
            guard error.code == 503, let answer = network.answer(namespace: request.namespace, name: target.name) else {
                throw error
            }
            return try response(answer, of: PodPort(address: "10.244.0.1", port: Int(target.port) ?? 80))
        }
        let answer = network.answer(namespace: request.namespace, name: target.name)
        guard let pod = port.pod, answer == nil else { return try response(answer ?? .refused, of: port) }
        return try response(network.reply(of: pod, port: port.port, path: path), of: port)
    }

    /// The path beyond the proxy, percent-encoded: all that follows `/api/v1/namespaces/x/services/y/proxy`.
    private var tail: String {
        let parts = request.http.encodedPath.split(separator: "/", maxSplits: 8, omittingEmptySubsequences: false)
        return parts.count > 8 ? "/\(parts[8])" : ""
    }

    private func response(_ answer: ProxyAnswer, of port: PodPort) throws -> HTTPResponse {
        switch answer {
        case .response(let status, let contentType, let body):
            HTTPResponse(status: status, headers: ["Content-Type": contentType], body: .bytes(Array(body.utf8)))
        case .refused: try failure("dial tcp \(port.description): connect: connection refused", port)
        case .unreachable: try failure("dial tcp \(port.description): i/o timeout", port)
        case .broken: try failure("EOF", port)
        case .hang: try failure("context canceled", port)
        }
    }

    /// What a client is told when the pod cannot be asked; in plain text before 1.21.
    private func failure(_ message: String, _ port: PodPort) throws -> HTTPResponse {
        guard api.minor < 21 else {
            throw ProxyResolution.unavailable("error trying to reach service: \(message)")
        }
        let url = "http://\(port.description)\(tail)"
        return .text("Error: '\(message)'\nTrying to reach: '\(url)'", status: 503)
    }
}
