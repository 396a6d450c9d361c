// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CCurl
import Curl
import Glibc

/// The way out of the relay: a connection to a target, through a proxy or without one.
///
/// libcurl makes it and reads and writes it, so that TLS to the proxy is its business; one thread uses it.
struct Upstream: ~Copyable {
    private let handle: EasyHandle
    private let multi: MultiHandle
    /// libcurl keeps a pointer to it.
    private let answer: ProxyAnswer
    /// The socket, for `poll`.
    let descriptor: Int32
    /// Whether one direction can be ended while the other goes on.
    let endsHalves: Bool

    /// What a read brought.
    enum Received {
        case bytes(Int)
        /// Nothing has come since the last read.
        case nothing
        /// The target has ended its side.
        case end
    }

    /// Connects, and waits for the proxy's answer.
    ///
    /// - Throws: the reason, also when the client leaves meanwhile or the relay is stopped.
    init(
        _ route: Route, _ login: ProxyLogin?, _ configuration: RelayConfiguration, client: Int32, stop: StopSignal
    ) throws(TunnelFailure) {
        guard let handle = EasyHandle(), let multi = MultiHandle() else {
            throw TunnelFailure(.resources, "libcurl has no memory or no descriptors for a connection")
        }
        let answer = ProxyAnswer()
        answer.listen(to: handle.pointer)
        Self.setUp(handle, route, login, configuration)
        guard curl_multi_add_handle(multi.pointer, handle.pointer) == CURLM_OK else {
            throw TunnelFailure(.resources, "libcurl has no memory for a connection")
        }
        while true {
            multi.perform()
            if let result = multi.nextResult() {
                if result == CURLE_OK { break }
                throw TunnelFailure(
                    result, handle, answer, route, hasLogin: login != nil, timeout: configuration.connectTimeout)
            }
            multi.wait(orFor: [client, stop.descriptor], timeout: .seconds(10))
            if stop.isRaised { throw .stopped }
            if Self.isBroken(client) { throw TunnelFailure(.clientGone, "the client left before the tunnel was there") }
        }
        descriptor = handle.activeSocket
        endsHalves = route.proxy?.isSecure != true
        self.handle = handle
        self.multi = multi
        self.answer = answer
    }

    private static func setUp(
        _ handle: borrowing EasyHandle, _ route: Route, _ login: ProxyLogin?, _ configuration: RelayConfiguration
    ) {
        handle.set(CURLOPT_URL, "http://\(route.target)/")
        handle.set(CURLOPT_PROTOCOLS_STR, "http")
        handle.set(CURLOPT_CONNECT_ONLY, true)
        // Always set: the environment's proxies must not count.
        handle.set(CURLOPT_PROXY, route.proxy?.description ?? "")
        handle.set(CURLOPT_NOPROXY, "")
        handle.set(CURLOPT_HTTPPROXYTUNNEL, true)
        if let login {
            // Negotiate needs a Kerberos ticket, and libcurl would try it before what a password is good for.
            handle.set(CURLOPT_PROXYAUTH, ccurl_password_logins())
            handle.set(CURLOPT_PROXYUSERNAME, bytes: login.username)
            handle.set(CURLOPT_PROXYPASSWORD, bytes: login.password)
        }
        if let file = configuration.authoritiesFile {
            handle.set(CURLOPT_PROXY_CAINFO, file)
            handle.set(CURLOPT_PROXY_CAPATH, nil)
        }
        handle.set(CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        handle.set(CURLOPT_USERAGENT, configuration.userAgent)
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, max(1, configuration.connectTimeout.wholeMilliseconds))
        handle.set(CURLOPT_NOSIGNAL, true)
        // Who gives up does not wait for the name service's answer.
        handle.set(CURLOPT_QUICK_EXIT, true)
        handle.set(CURLOPT_TCP_NODELAY, true)
        handle.set(CURLOPT_TCP_KEEPALIVE, true)
        handle.set(CURLOPT_TCP_KEEPIDLE, Int(SocketOptions.keepaliveIdle))
        handle.set(CURLOPT_TCP_KEEPINTVL, Int(SocketOptions.keepaliveInterval))
        // The most that one read brings.
        handle.set(CURLOPT_BUFFERSIZE, Passage.capacity)
    }

    /// Whether a connection was reset or closed in both directions.
    private static func isBroken(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    // MARK: Bytes

    /// Reads what has come, without waiting.
    func receive(into buffer: UnsafeMutableRawBufferPointer) throws(TunnelFailure) -> Received {
        var count = 0
        switch curl_easy_recv(handle.pointer, buffer.baseAddress, buffer.count, &count) {
        case CURLE_OK: return count == 0 ? .end : .bytes(count)
        case CURLE_AGAIN: return .nothing
        case let code: throw broken(code)
        }
    }

    /// Writes without waiting; the number of bytes that were taken.
    ///
    /// TLS wants the rest in the next call, from the same place.
    func send(_ bytes: UnsafeRawBufferPointer) throws(TunnelFailure) -> Int {
        var count = 0
        switch curl_easy_send(handle.pointer, bytes.baseAddress, bytes.count, &count) {
        case CURLE_OK: return count
        case CURLE_AGAIN: return 0
        case let code: throw broken(code)
        }
    }

    /// Tells the target that nothing more will come, where that is possible without closing the other direction.
    func endSending() {
        if endsHalves { _ = shutdown(descriptor, Int32(SHUT_WR)) }
    }

    /// Lets the end of this value reset the connection instead of closing it.
    func prepareReset() { SocketOptions.resetOnClose(descriptor) }

    private func broken(_ code: CURLcode) -> TunnelFailure {
        let detail = handle.failureText.isEmpty ? String(cString: curl_easy_strerror(code)) : handle.failureText
        return TunnelFailure(.targetBroken, "the connection to the target broke: \(detail)")
    }
}
