// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// One end of a TCP connection of a test; calls block, at most twenty seconds.
final class Peer: Sendable {
    let descriptor: Int32
    private let isOpen = Mutex(true)

    /// Takes over a socket.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        // Fixed buffers: the kernel would let them grow to megabytes.
        var size: Int32 = 128 << 10
        for option in [SO_RCVBUF, SO_SNDBUF] {
            setsockopt(descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    deinit { close() }

    /// Connects to a port of this machine.
    static func connect(to port: UInt16) throws -> Peer {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            let reason = String(cString: strerror(errno))
            Glibc.close(descriptor)
            throw TestFailure("cannot connect to port \(port): \(reason)")
        }
        return Peer(descriptor)
    }

    /// Sends everything; throws when the other end has gone.
    func send(_ bytes: some Sequence<UInt8>) throws {
        let bytes = Array(bytes)
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TestFailure("cannot send: \(String(cString: strerror(errno)))") }
            offset += count
        }
    }

    func send(_ text: String) throws { try send(text.utf8) }

    /// Sends as much as goes without waiting, again and again, until nothing has gone for a while; how much it was.
    func sendUntilStuck(_ chunk: [UInt8], limit: Int) -> Int {
        var total = 0
        while total < limit {
            var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&entry, 1, 300) > 0 else { break }
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let count = Glibc.send(descriptor, chunk, min(chunk.count, limit - total), flags)
            if count < 0, errno != EAGAIN { break }
            total += max(0, count)
        }
        return total
    }

    /// What comes next; empty at the end.
    func receive(atMost limit: Int = 1 << 16) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = recv(descriptor, &buffer, limit, 0)
        guard count >= 0 else { throw ReceiveFailure(code: errno) }
        return Array(buffer.prefix(count))
    }

    /// Exactly this many bytes as text.
    func receive(exactly count: Int) throws -> String {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try receive(atMost: count - bytes.count)
            guard !more.isEmpty else {
                throw TestFailure("the connection ended after \(bytes.count) of \(count) bytes")
            }
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Everything until the end.
    func receiveAll() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let more = try receive()
            if more.isEmpty { return bytes }
            bytes += more
        }
    }

    /// The head of a request: everything up to an empty line.
    func receiveHead() throws -> String {
        var head = ""
        while !head.hasSuffix("\r\n\r\n") { head += try receive(exactly: 1) }
        return head
    }

    /// Whether the connection ends with a reset rather than properly; what comes before is thrown away.
    func endsWithReset() throws -> Bool {
        do {
            _ = try receiveAll()
            return false
        } catch let failure as ReceiveFailure {
            return failure.code == ECONNRESET
        }
    }

    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    func close() {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if wasOpen { Glibc.close(descriptor) }
    }

    /// Closes with a reset.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    struct ReceiveFailure: Error { let code: Int32 }
}
