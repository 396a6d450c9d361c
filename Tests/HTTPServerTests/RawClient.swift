// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A client that says exactly the bytes a test wants said.
final class RawClient {
    private let descriptor: Int32
    private var received: [UInt8] = []

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure.notConnected }
    }

    deinit { close() }

    enum Failure: Error { case notConnected, ended, timedOut }

    struct Response {
        var status: Int
        var head: String
        var body: String
    }

    private var isClosed = false
    func close() {
        guard !isClosed else { return }
        isClosed = true
        Glibc.close(descriptor)
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            offset += count
        }
    }

    /// Reads until a text has come; returns everything up to its end.
    func read(until text: String) async throws -> String {
        let wanted = Array(text.utf8)
        while true {
            if let end = position(of: wanted) { return take(end) }
            try await receive()
        }
    }

    /// Reads a response with a length.
    func response() async throws -> Response {
        let head = try await read(until: "\r\n\r\n")
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        while received.count < length ?? 0 { try await receive() }
        return Response(status: status, head: head, body: take(length ?? 0))
    }

    func get(_ target: String) async throws -> Response {
        send("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return try await response()
    }

    /// Reads until the server closes the connection.
    func rest() async throws -> String {
        while true {
            do { try await receive() } catch Failure.ended { return take(received.count) }
        }
    }

    private func position(of wanted: [UInt8]) -> Int? {
        guard received.count >= wanted.count else { return nil }
        for start in 0...received.count - wanted.count
        where received[start..<start + wanted.count].elementsEqual(wanted) {
            return start + wanted.count
        }
        return nil
    }

    private func take(_ count: Int) -> String {
        defer { received.removeFirst(count) }
        return String(decoding: received[..<count], as: UTF8.self)
    }

    private func receive() async throws {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            // Never blocks: the test and the server share the threads of Swift's pool.
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                received += buffer[..<count]
                return
            }
            guard count < 0, errno == EAGAIN else { throw Failure.ended }
            guard ContinuousClock.now < deadline else { throw Failure.timedOut }
            try await Task.sleep(for: .microseconds(200))
        }
    }
}
