// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Telemetry

/// What a relay counts.
final class RelayMetrics: Sendable {
    private let opened = Atomic<UInt64>(0)
    private let toTarget = Atomic<UInt64>(0)
    private let toClient = Atomic<UInt64>(0)
    private let failures = Mutex<[TunnelFailure.Reason: UInt64]>([:])

    func hasOpened() { opened.wrappingAdd(1, ordering: .relaxed) }

    func sentToTarget(_ count: Int) { toTarget.wrappingAdd(UInt64(count), ordering: .relaxed) }

    func sentToClient(_ count: Int) { toClient.wrappingAdd(UInt64(count), ordering: .relaxed) }

    func hasFailed(_ reason: TunnelFailure.Reason) { failures.withLock { $0[reason, default: 0] += 1 } }

    /// The figures as Prometheus reads them.
    func text(active: Int, isAccepting: Bool) -> String {
        let failures = failures.withLock { $0 }
        var text = MetricsText()
        text.add(
            "iflearnerctl_relay_connections_opened_total", .counter, "Tunnels that were made.",
            [.init(opened.load(ordering: .relaxed))])
        text.add(
            "iflearnerctl_relay_connections_active", .gauge, "Connections of clients that are open.", [.init(active)])
        text.add(
            "iflearnerctl_relay_connections_failed_total", .counter,
            "Connections that were refused, got no tunnel or broke.",
            // Those that never happened too: a rule that watches one needs to see the first.
            TunnelFailure.Reason.allCases.map { .init(failures[$0] ?? 0, ["reason": $0.rawValue]) })
        text.add(
            "iflearnerctl_relay_bytes_total", .counter, "Bytes that were passed on.",
            [
                .init(toTarget.load(ordering: .relaxed), ["direction": "to_target"]),
                .init(toClient.load(ordering: .relaxed), ["direction": "to_client"]),
            ])
        text.add(
            "iflearnerctl_relay_accepting", .gauge, "Whether new connections are accepted.",
            [.init(isAccepting ? 1 : 0)])
        return text.text
    }
}
