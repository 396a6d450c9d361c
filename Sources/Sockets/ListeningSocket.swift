// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A TCP socket that listens, closed with its owner.
///
/// Its descriptor never blocks and is not inherited by programs that are started.
public struct ListeningSocket: ~Copyable, Sendable {
    /// The descriptor, for `poll` and `accept`.
    public let descriptor: Int32
    /// The port that is listened on.
    public let port: UInt16

    /// Starts to listen.
    ///
    /// Every address means IPv6 and IPv4 on one socket, or IPv4 alone where the machine has no IPv6.
    /// - Throws: `SocketError`, as when the port is in use or the address is not of this machine.
    public init(_ address: ListenAddress, backlog: Int32 = 1024) throws(SocketError) {
        (descriptor, port) = try Self.listening(on: address, backlog)
    }

    deinit { close(descriptor) }

    /// Hands the descriptor over to somebody who closes it.
    public consuming func release() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }

    private static func listening(
        on address: ListenAddress, _ backlog: Int32
    ) throws(SocketError) -> (descriptor: Int32, port: UInt16) {
        let descriptor = try bound(address)
        // Two may bind one port; the second one to listen fails.
        if listen(descriptor, backlog) == 0, let name = SocketAddress(filledBy: { getsockname(descriptor, $0, $1) }) {
            return (descriptor, name.port)
        }
        let code = errno
        close(descriptor)
        throw SocketError(action: "listen on \(address)", code: code)
    }

    private static func bound(_ address: ListenAddress) throws(SocketError) -> Int32 {
        if let host = address.host {
            guard let exact = SocketAddress(host: host, port: address.port) else {
                throw SocketError(action: "listen on \(address)", code: EINVAL)
            }
            return try bound(exact, address)
        }
        do {
            return try bound(SocketAddress(anyOf: AF_INET6, port: address.port), address)
        } catch {
            guard error.code == EAFNOSUPPORT || error.code == EADDRNOTAVAIL else { throw error }
            return try bound(SocketAddress(anyOf: AF_INET, port: address.port), address)
        }
    }

    private static func bound(_ exact: SocketAddress, _ address: ListenAddress) throws(SocketError) -> Int32 {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(exact.family, Int32(kind), 0)
        guard descriptor >= 0 else { throw SocketError(action: "listen on \(address)", code: errno) }
        var on: Int32 = 1
        var off: Int32 = 0
        let size = socklen_t(MemoryLayout<Int32>.size)
        // A port whose last connections are just being forgotten can be taken again.
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
        if exact.family == AF_INET6, address.host == nil {
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, size)
        }
        guard exact.with({ bind(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            throw SocketError(action: "listen on \(address)", code: code)
        }
        return descriptor
    }
}

/// Who is at the other end of a connection, as in `10.0.0.7:41234`; `unknown` once it has gone.
public func peerName(of descriptor: Int32) -> String {
    SocketAddress { getpeername(descriptor, $0, $1) }?.text ?? "unknown"
}
