// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Curl
import Glibc

/// Passes bytes on between a client and its target, untouched and as they come, until both have ended.
///
/// Memory is two buffers of fixed size. An end of one side is passed on and the other side goes on; a broken connection
/// breaks the other one too.
struct Pump: ~Copyable {
    private let client: Int32
    private let upstream: Upstream
    private let context: RelayContext
    private var toTarget = Passage()
    private var toClient = Passage()
    /// Whether the client's socket has nothing more to tell than that both of its directions are closed.
    private var clientIsShut = false
    /// The same of the upstream socket.
    private var upstreamIsShut = false

    /// Whether one side broke: then no end is passed on, as it would look like a proper one.
    private var hasFailed = false

    /// How often bytes are moved before the relay looks whether it shall end.
    private static let rounds = 64

    init(_ client: Int32, _ upstream: consuming Upstream, _ context: RelayContext) {
        self.client = client
        self.upstream = upstream
        self.context = context
    }

    /// The bytes that the target got.
    var sent: UInt64 { toTarget.total }
    /// The bytes that the client got.
    var received: UInt64 { toClient.total }

    /// Works until both sides have ended.
    ///
    /// - Throws: why it broke. Both connections are then reset when they are closed.
    mutating func run() throws(TunnelFailure) {
        do throws(TunnelFailure) {
            while true {
                var moves = true
                var round = 0
                while moves, round < Self.rounds {
                    moves = try moveToTarget()
                    if try moveToClient() { moves = true }
                    round += 1
                }
                if toTarget.isClosed, toClient.isClosed { return }
                guard try wait(moves ? 0 : timeout) else { return }
            }
        } catch {
            let hasLeft = hasLeft(error.reason)
            hasFailed = true
            // What the side that broke had sent before that was sent: a direct connection would have brought it.
            switch error.reason {
            case .targetBroken: passOn { (pump) throws(TunnelFailure) in try pump.moveToClient() }
            case .clientBroken: passOn { (pump) throws(TunnelFailure) in try pump.moveToTarget() }
            default: break
            }
            upstream.prepareReset()
            SocketOptions.resetOnClose(client)
            if !hasLeft { throw error }
        }
    }

    /// Whether the side that broke had ended its own sending before: it has closed, and got something more after that.
    private func hasLeft(_ reason: TunnelFailure.Reason) -> Bool {
        switch reason {
        case .clientBroken: toTarget.hasEnded
        case .targetBroken: toClient.hasEnded
        default: false
        }
    }

    /// Moves what can be moved at once.
    private mutating func passOn(_ move: (inout Pump) throws(TunnelFailure) -> Bool) {
        do throws(TunnelFailure) {
            while try move(&self) {}
        } catch {
            // The connection has failed before; that it fails again is no news.
        }
    }

    // MARK: Moving

    /// Moves bytes from the client to the target; whether there was anything to do.
    private mutating func moveToTarget() throws(TunnelFailure) -> Bool {
        var hasMoved = false
        if toTarget.wantsMore {
            let count = recv(client, toTarget.space.baseAddress, toTarget.space.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                toTarget.fill(count)
            } else if count == 0 {
                toTarget.endSource()
            } else if errno != EAGAIN, errno != EINTR {
                throw clientFailure(errno)
            }
            hasMoved = count >= 0
        }
        if !toTarget.isEmpty {
            let count = try upstream.send(toTarget.pending)
            toTarget.take(count)
            context.metrics.sentToTarget(count)
            hasMoved = hasMoved || count > 0
        }
        if toTarget.wantsClosing, !hasFailed {
            upstream.endSending()
            toTarget.close()
            hasMoved = true
        }
        return hasMoved
    }

    /// Moves bytes from the target to the client; whether there was anything to do.
    private mutating func moveToClient() throws(TunnelFailure) -> Bool {
        var hasMoved = false
        if toClient.wantsMore {
            switch try upstream.receive(into: toClient.space) {
            case .bytes(let count):
                toClient.fill(count)
                hasMoved = true
            case .end:
                toClient.endSource()
                hasMoved = true
            case .nothing: break
            }
        }
        if !toClient.isEmpty {
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            let count = send(client, toClient.pending.baseAddress, toClient.pending.count, flags)
            if count > 0 {
                toClient.take(count)
                context.metrics.sentToClient(count)
                hasMoved = true
            } else if count < 0, errno != EAGAIN, errno != EINTR {
                throw clientFailure(errno)
            }
        }
        if toClient.wantsClosing, !hasFailed {
            _ = shutdown(client, Int32(SHUT_WR))
            toClient.close()
            hasMoved = true
        }
        return hasMoved
    }

    private func clientFailure(_ code: Int32) -> TunnelFailure {
        TunnelFailure(.clientBroken, "the client's connection broke: \(TunnelFailure.text(code))")
    }

    // MARK: Waiting

    /// How long nothing may happen, in milliseconds; negative for ever.
    private var timeout: Int32 {
        guard toTarget.isClosed, !upstream.endsHalves else { return -1 }
        return Int32(clamping: context.configuration.silenceAfterHalfClose.wholeMilliseconds)
    }

    /// Waits until one of the sockets can go on; false when nothing happened for too long.
    private mutating func wait(_ timeout: Int32) throws(TunnelFailure) -> Bool {
        var entries = [
            pollfd(fd: context.stop.descriptor, events: 0, revents: 0),
            Self.entry(client, reads: toTarget.wantsMore, writes: !toClient.isEmpty, isShut: clientIsShut),
            Self.entry(
                upstream.descriptor, reads: toClient.wantsMore, writes: !toTarget.isEmpty, isShut: upstreamIsShut),
        ]
        let count = poll(&entries, nfds_t(entries.count), timeout)
        if entries[0].revents != 0 { throw .stopped }
        // News of a socket that nothing is wanted from are its end: an error is final, and a hang-up is told for ever.
        for entry in entries[1...] where entry.revents != 0 && entry.events == 0 {
            let isClient = entry.fd == client
            if Int32(entry.revents) & POLLERR != 0 {
                let code = SocketOptions.pendingError(entry.fd)
                if isClient { throw clientFailure(code) }
                throw TunnelFailure(.targetBroken, "the connection to the target broke: \(TunnelFailure.text(code))")
            }
            if isClient { clientIsShut = true } else { upstreamIsShut = true }
        }
        return count != 0 || timeout == 0
    }

    private static func entry(_ descriptor: Int32, reads: Bool, writes: Bool, isShut: Bool) -> pollfd {
        let events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0)
        // A negative descriptor is passed over.
        return pollfd(fd: isShut && events == 0 ? -1 : descriptor, events: Int16(events), revents: 0)
    }
}
