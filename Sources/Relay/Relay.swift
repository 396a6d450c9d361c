// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes
internal import Sockets
public import Telemetry
internal import Values

/// Tunnels TCP connections to their targets, through the CONNECT of an HTTP proxy or directly.
///
/// Bytes are passed on as they are: TLS stays end to end. Each connection has a thread of its own, so that a slow or broken
/// one is nobody else's business. A relay that nobody holds any more ends at once.
public final class Relay: Sendable {
    /// Where it listens, with the ports that were taken, and where that leads.
    public let rules: [ListenRule]
    let context: RelayContext
    private let endOfAccepting: StopSignal

    /// Starts to listen and to accept.
    ///
    /// - Throws: `RelayError`, when the proxy's login or its authorities are missing, a port cannot be had, or the process may not open enough
    ///   files for its connections.
    public init(
        _ configuration: RelayConfiguration, log: Log = .silent, time: TimeSource = .system
    ) throws(RelayError) {
        try FileLimit.raise(for: configuration.connectionLimit)
        if let folder = configuration.loginFolder {
            do {
                _ = try ProxyLogin(folder: folder)
            } catch {
                throw RelayError(error.message, hint: error.hint)
            }
        }
        if configuration.proxy?.isSecure == true, let file = configuration.authoritiesFile {
            try Self.checkAuthorities(file)
        }
        var listeners: [Acceptor.Listener] = []
        for rule in configuration.rules {
            do {
                listeners.append(try Acceptor.Listener(rule))
            } catch {
                throw RelayError("\(error)", hint: "it is asked for by --listen \(rule)")
            }
        }
        rules = listeners.map(\.rule)
        context = try RelayContext(configuration, log, time)
        endOfAccepting = try StopSignal()
        try Self.begin(Acceptor(listeners, context, end: endOfAccepting), context)
        for rule in rules {
            let route = Route(to: rule.target, configuration)
            log.info(
                "listening",
                [
                    "address": .string(rule.address.description), "target": .string(rule.target.description),
                    "via": .string(route.proxy?.description ?? "direct"),
                ])
        }
    }

    deinit {
        endOfAccepting.raise()
        context.stop.raise()
    }

    /// A file that holds no certificates would fail every connection; libcurl reads it for each of them.
    private static func checkAuthorities(_ file: String) throws(RelayError) {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(file)
        } catch {
            throw RelayError(
                "the proxy's authorities are not there: \(error)", hint: "the file holds certificates as PEM")
        }
        guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ") else {
            throw RelayError("the file \(file) holds no certificate", hint: "certificates are wanted as PEM")
        }
    }

    private static func begin(_ acceptor: Acceptor, _ context: RelayContext) throws(RelayError) {
        let isStarted = BlockingThread.start {
            acceptor.run()
            context.registry.close()
        }
        guard isStarted else { throw RelayError("no thread can be had", hint: "raise the limit of processes") }
    }

    /// Whether new connections are accepted.
    public var isAccepting: Bool { context.registry.isAccepting && !endOfAccepting.isRaised }

    /// The connections that are open.
    public var connections: Int { context.registry.count }

    /// Stops to accept; open connections go on.
    public func stopAccepting() { endOfAccepting.raise() }

    /// Ends every connection at once, and returns when all have ended.
    public func stop() async {
        stopAccepting()
        context.stop.raise()
        await context.registry.idle()
    }

    /// Waits until nothing is accepted any more and every connection has ended, or the task is cancelled.
    public func idle() async { await context.registry.idle() }
}
