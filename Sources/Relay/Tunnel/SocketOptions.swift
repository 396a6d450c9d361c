// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the relay asks of its sockets.
///
/// A bound on unacknowledged bytes (TCP_USER_TIMEOUT) is not among it: a trainer that computes for minutes without reading
/// would be cut off by it.
enum SocketOptions {
    /// Seconds of silence after which a peer is asked whether it still lives.
    static let keepaliveIdle: Int32 = 60
    /// Seconds between such questions; after nine without an answer the connection is broken.
    static let keepaliveInterval: Int32 = 15

    /// Prepares a connection that was accepted.
    static func prepare(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE, keepaliveIdle)
        set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPINTVL, keepaliveInterval)
    }

    /// Makes the next `close` a reset, so that the peer does not take the end for a proper one.
    static func resetOnClose(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// The error that a socket waits to tell; 0 for none.
    static func pendingError(_ descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
