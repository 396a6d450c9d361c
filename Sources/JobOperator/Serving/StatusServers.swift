// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Sockets
import Telemetry

/// What serves the probes and the metrics.
struct StatusServers: Sendable {
    let probes: HTTPServer?
    let metrics: HTTPServer?

    /// Starts to listen.
    ///
    /// - Throws: `OperatorError.cannotListen`.
    init(_ controller: Operator) throws(OperatorError) {
        let options = controller.options
        probes = try Self.server(at: options.probes) { [weak controller] path in
            switch path {
            case "/healthz": .text("ok\n")
            case "/readyz": Self.readiness(controller?.obstacles ?? ["it has ended"])
            default: nil
            }
        }
        metrics = try Self.server(at: options.metrics) { [weak controller] path in
            guard path == "/metrics" else { return nil }
            var response = HTTPResponse.text(controller?.metricsText ?? "")
            response.headers["Content-Type"] = MetricsText.contentType
            return response
        }
    }

    private static func readiness(_ obstacles: [String]) -> HTTPResponse {
        obstacles.isEmpty
            ? .text("ok\n") : .text("not ready:\n" + obstacles.map { "- \($0)\n" }.joined(), status: 503)
    }

    private static func server(
        at address: ListenAddress?, _ answer: @escaping @Sendable (String) -> HTTPResponse?
    ) throws(OperatorError) -> HTTPServer? {
        guard let address else { return nil }
        var configuration = HTTPServer.Configuration()
        configuration.host = address.host
        configuration.port = address.port
        configuration.bodyLimit = 0
        do {
            return try HTTPServer(configuration) { request in
                guard let response = answer(String(request.encodedPath)) else {
                    return .text("not found\n", status: 404)
                }
                return ["GET", "HEAD"].contains(request.method) ? response : .text("only GET\n", status: 405)
            }
        } catch {
            throw .cannotListen(error.description)
        }
    }

    /// The ports that are listened on.
    var ports: (probes: UInt16?, metrics: UInt16?) { (probes?.port, metrics?.port) }

    /// Stops to listen.
    func stop() async {
        await probes?.stop()
        await metrics?.stop()
    }
}
