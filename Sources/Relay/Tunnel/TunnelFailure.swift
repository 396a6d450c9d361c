// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a connection could not be tunnelled, or broke.
struct TunnelFailure: Error, Sendable, Hashable {
    /// The kinds that are counted apart.
    enum Reason: String, Sendable, Hashable, CaseIterable {
        /// There were as many connections as are allowed.
        case limit
        /// No thread or no memory could be had.
        case resources
        /// The login for the proxy could not be read.
        case credentials
        /// The proxy's name has no address.
        case proxyUnknown = "proxy_unknown"
        /// The proxy refuses connections or cannot be reached.
        case proxyUnreachable = "proxy_unreachable"
        /// There is no TLS session with an https proxy, as when its certificate is not believed.
        case proxyTLS = "proxy_tls"
        /// The proxy wants a login, or another one.
        case proxyLogin = "proxy_login"
        /// The proxy does not allow the target.
        case proxyDenied = "proxy_denied"
        /// The proxy hung up or does not speak HTTP.
        case proxyBroken = "proxy_broken"
        /// The target's name has no address.
        case targetUnknown = "target_unknown"
        /// The target refuses connections or cannot be reached, seen from here or from the proxy.
        case targetUnreachable = "target_unreachable"
        /// The tunnel was not there in time.
        case timeout
        /// The client left before the tunnel was there.
        case clientGone = "client_gone"
        /// The client's connection broke.
        case clientBroken = "client_broken"
        /// The connection to the target, or to the proxy, broke.
        case targetBroken = "target_broken"
        /// The relay was told to end at once.
        case stopped
        /// Something that should not happen.
        case other
    }

    let reason: Reason
    let message: String
    let hint: String?

    init(_ reason: Reason, _ message: String, hint: String? = nil) {
        self.reason = reason
        self.message = message
        self.hint = hint
    }

    static let stopped = TunnelFailure(.stopped, "the relay ends")
}
