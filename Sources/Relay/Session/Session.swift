// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Sockets
import Telemetry
import Values

/// One connection of a client, from its acceptance to its end, on a thread of its own.
struct Session: Sendable {
    private let client: Int32
    private let route: Route
    private let context: RelayContext
    private let log: Log

    /// Takes a connection over, which `run` closes.
    init(_ client: Int32, _ rule: ListenRule, number: UInt64, _ context: RelayContext) {
        self.client = client
        self.context = context
        route = Route(to: rule.target, context.configuration)
        log = context.log.adding([
            "connection": .int(Int64(clamping: number)), "client": .string(peerName(of: client)),
            "port": .int(Int64(rule.address.port)), "target": .string(rule.target.description),
            "via": .string(route.proxy?.description ?? "direct"),
        ])
    }

    /// Makes the tunnel and keeps it until one of the sides ends it.
    func run() {
        let start = context.time.monotonic()
        do throws(TunnelFailure) {
            let upstream = try connect()
            context.metrics.hasOpened()
            log.info("connection opened", ["seconds": seconds(since: start)])
            try pass(through: upstream, since: start)
            close(client)
        } catch {
            end(with: error)
        }
    }

    /// Ends the connection without a tunnel.
    func refuse(_ failure: TunnelFailure) { end(with: failure) }

    private func connect() throws(TunnelFailure) -> Upstream {
        var login: ProxyLogin?
        if route.proxy != nil, let folder = context.configuration.loginFolder {
            do {
                // Read for each connection: a Secret changes under a running pod.
                login = try ProxyLogin(folder: folder)
            } catch {
                throw TunnelFailure(.credentials, error.message, hint: error.hint)
            }
        }
        return try Upstream(route, login, context.configuration, client: client, stop: context.stop)
    }

    private func pass(through upstream: consuming Upstream, since start: Duration) throws(TunnelFailure) {
        var pump = Pump(client, upstream, context)
        do throws(TunnelFailure) {
            try pump.run()
        } catch {
            log.info("connection broken", totals(pump, since: start))
            throw error
        }
        log.info("connection closed", totals(pump, since: start))
    }

    private func end(with failure: TunnelFailure) {
        SocketOptions.resetOnClose(client)
        close(client)
        context.metrics.hasFailed(failure.reason)
        var fields: Mapping = ["reason": .string(failure.reason.rawValue), "error": .string(failure.message)]
        if let hint = failure.hint { fields["hint"] = .string(hint) }
        switch failure.reason {
        // What a client does is its own affair, and what was asked for is no fault.
        case .clientGone, .clientBroken, .stopped: log.info("connection failed", fields)
        default: log.warn("connection failed", fields)
        }
    }

    private func totals(_ pump: borrowing Pump, since start: Duration) -> Mapping {
        [
            "seconds": seconds(since: start), "bytesToTarget": .int(Int64(clamping: pump.sent)),
            "bytesToClient": .int(Int64(clamping: pump.received)),
        ]
    }

    /// To the millisecond.
    private func seconds(since start: Duration) -> Value {
        .double(((context.time.monotonic() - start) / .milliseconds(1)).rounded() / 1000)
    }
}
