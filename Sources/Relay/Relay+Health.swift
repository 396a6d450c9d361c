// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import HTTPServer
internal import Telemetry

extension Relay {
    /// Answers probes and Prometheus: `/healthz`, `/readyz` (while all ports are listened on) and `/metrics`.
    public func answer(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            return .text("only GET is answered\n", status: 405)
        }
        switch request.encodedPath {
        case "/healthz": return .text("ok\n")
        case "/readyz": return isAccepting ? .text("ok\n") : .text("no new connections are accepted\n", status: 503)
        case "/metrics":
            let text = context.metrics.text(active: connections, isAccepting: isAccepting)
            return HTTPResponse(
                status: 200, headers: ["Content-Type": MetricsText.contentType], body: .bytes(Array(text.utf8)))
        default: return .text("there are /healthz, /readyz and /metrics\n", status: 404)
        }
    }
}
