// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Processes
import Relay
import Sockets
import Synchronization
import Telemetry
import Values

/// A relay of a test, on free ports, and what it says.
final class TestRelay: Sendable {
    let relay: Relay
    private let lines: Lines

    /// What a log has got.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    /// Listens on a free port for each target.
    init(
        to targets: [HostPort], time: TimeSource = .system, change: (inout RelayConfiguration) throws -> Void = { _ in }
    ) throws {
        var configuration = RelayConfiguration(
            targets.map { ListenRule(ListenAddress(host: "127.0.0.1", port: 0), to: $0) })
        try change(&configuration)
        let lines = Lines()
        self.lines = lines
        relay = try Relay(configuration, log: Log(from: .debug, time: time) { lines.add($0) }, time: time)
    }

    /// The same for one target on this machine.
    convenience init(
        to port: UInt16, time: TimeSource = .system, change: (inout RelayConfiguration) throws -> Void = { _ in }
    ) throws {
        try self.init(to: [HostPort(host: "127.0.0.1", port: port)], time: time, change: change)
    }

    /// Runs a test with the relay and ends it after that.
    func run<Result>(_ test: (TestRelay) async throws -> Result) async throws -> Result {
        do {
            let result = try await test(self)
            await relay.stop()
            return result
        } catch {
            await relay.stop()
            throw TestFailure("\(error)\n\(log.joined(separator: "\n"))")
        }
    }

    /// The lines of the log.
    var log: [String] { lines.all }

    /// The events of a kind.
    func events(_ message: String) throws -> [Value] {
        try lines.all.map { try Value(json: $0) }.filter { $0["msg"]?.string == message }
    }

    /// The first event of a kind, once it is there.
    func event(_ message: String) async throws -> Value {
        try await eventually("the event '\(message)'") { try !events(message).isEmpty }
        return try events(message)[0]
    }

    /// A connection to the relay.
    func connect(_ rule: Int = 0) throws -> Peer { try Peer.connect(to: relay.rules[rule].address.port) }

    /// Connects, waits for the reset that follows, and gives what is told of it.
    func failedConnection() async throws -> Value {
        let client = try connect()
        guard try await blocking({ try client.endsWithReset() }) else {
            throw TestFailure("the connection was not reset")
        }
        return try await event("connection failed")
    }

    /// Sends a text and expects it back.
    func echo(_ text: String) async throws -> String {
        let port = relay.rules[0].address.port
        return try await blocking {
            let client = try Peer.connect(to: port)
            try client.send(text)
            client.endSending()
            return String(decoding: try client.receiveAll(), as: UTF8.self)
        }
    }

    /// A figure of `/metrics`.
    func metric(_ name: String) -> Int? {
        guard case .bytes(let bytes) = relay.answer(HTTPRequest(method: "GET", target: "/metrics")).body else {
            return nil
        }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("\(name) ") {
            return Int(line.dropFirst(name.count + 1))
        }
        return nil
    }

    /// How many connections failed for a reason.
    func failures(_ reason: String) -> Int? {
        metric("iflearnerctl_relay_connections_failed_total{reason=\"\(reason)\"}")
    }
}

extension RelayConfiguration {
    /// Goes through a proxy on this machine, with the login of a folder where one is given.
    mutating func useProxy(_ port: UInt16, login folder: String? = nil) {
        proxy = ProxyURL(HostPort(host: "127.0.0.1", port: port))
        loginFolder = folder
    }
}
