// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Sockets
import Synchronization
import Telemetry
import Values

/// Accepts connections on all ports of a relay, on one thread, and gives each a thread of its own.
///
/// The ports are closed when it has run.
final class Acceptor: Sendable {
    /// A port and where it leads.
    final class Listener: Sendable {
        let socket: ListeningSocket
        let rule: ListenRule

        /// Starts to listen.
        init(_ rule: ListenRule) throws(SocketError) {
            socket = try ListeningSocket(rule.address)
            // The rule names the port that was taken when a free one was asked for.
            self.rule = ListenRule(ListenAddress(host: rule.address.host, port: socket.port), to: rule.target)
        }
    }

    private let listeners: Mutex<[Listener]>
    private let context: RelayContext
    private let end: StopSignal

    /// How long nothing is accepted after the system had no descriptor or no memory, in milliseconds.
    private static let pause: Int32 = 200

    init(_ listeners: [Listener], _ context: RelayContext, end: StopSignal) {
        self.listeners = Mutex(listeners)
        self.context = context
        self.end = end
    }

    /// Accepts until the end is signalled, and closes the ports; to be called once.
    func run() {
        let listeners = listeners.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        var number: UInt64 = 0
        var isShort = false
        while !end.isRaised {
            var entries = [pollfd(fd: end.descriptor, events: 0, revents: 0)]
            if !isShort {
                entries += listeners.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0) }
            }
            poll(&entries, nfds_t(entries.count), isShort ? Self.pause : -1)
            isShort = false
            for listener in listeners where !end.isRaised {
                if !acceptAll(from: listener, &number) { isShort = true }
            }
        }
    }

    /// Accepts what waits at a port; false when the system is short of something.
    private func acceptAll(from listener: Listener, _ number: inout UInt64) -> Bool {
        while true {
            let client = accept(listener.socket.descriptor, nil, nil)
            if client >= 0 {
                number += 1
                begin(client, listener.rule, number)
                continue
            }
            switch errno {
            case EAGAIN: return true
            // The client left while it waited, or the network failed on its way: nothing of ours.
            case EINTR, ECONNABORTED, EPROTO, ENETDOWN, EHOSTDOWN, EHOSTUNREACH, ENETUNREACH, ENOPROTOOPT, ENONET,
                EOPNOTSUPP:
                continue
            case let code:
                context.metrics.hasFailed(.resources)
                context.log.error(
                    "cannot accept connections",
                    [
                        "port": .int(Int64(listener.rule.address.port)), "error": .string(TunnelFailure.text(code)),
                        "hint": "they wait until descriptors and memory are free",
                    ])
                return false
            }
        }
    }

    private func begin(_ client: Int32, _ rule: ListenRule, _ number: UInt64) {
        SocketOptions.prepare(client)
        let session = Session(client, rule, number: number, context)
        guard context.registry.enter() else {
            let limit = context.configuration.connectionLimit
            session.refuse(
                TunnelFailure(
                    .limit, "\(limit) connections are open, which is the limit",
                    hint: "raise --max-connections, or find out who opens them"))
            return
        }
        let context = context
        let isStarted = BlockingThread.start {
            session.run()
            context.registry.leave()
        }
        if !isStarted {
            context.registry.leave()
            session.refuse(TunnelFailure(.resources, "no thread can be had", hint: "raise the limit of processes"))
        }
    }
}
