// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Where an API server is and how it is reached and trusted.
public struct ServerEndpoint: Sendable, Hashable {
    /// The server's URL.
    public var url: ServerURL
    /// Who may vouch for the server.
    public var trust: Trust
    /// The name to ask for and to verify, when it is not the URL's host.
    public var serverName: String?
    /// The proxy; nil for a direct connection, whatever the environment says.
    public var proxy: Proxy?
    /// Whether answers are to come uncompressed.
    public var disablesCompression = false
    /// Whether HTTP/1.1 is spoken although the server offers HTTP/2.
    public var disablesHTTP2 = false
    /// Where the user wrote all this, as in `context "lab" of /home/ann/.kube/config`; empty when nowhere.
    public var provenance = ""

    /// Who may vouch for the server.
    public enum Trust: Sendable, Hashable {
        /// The machine's authorities.
        case system
        /// Only these authorities, as PEM bytes.
        case authorities([UInt8])
        /// Anybody: whoever answers is believed.
        case nobody
    }

    /// A proxy and who named it.
    public struct Proxy: Sendable, Hashable {
        /// The URL: http, https, socks5 or socks5h.
        public var url: String
        /// Who named it, as in `proxy-url of cluster "lab"` or `HTTPS_PROXY`.
        public var source: String

        /// Names a proxy.
        public init(url: String, source: String) {
            self.url = url
            self.source = source
        }

        /// The URL without the user and password in it.
        var shownURL: String {
            guard let scheme = url.firstRange(of: "://"), let at = url[scheme.upperBound...].lastIndex(of: "@") else {
                return url
            }
            return url[..<scheme.upperBound] + "***" + url[at...]
        }
    }

    /// Makes an endpoint that trusts the machine's authorities and goes without a proxy.
    public init(url: ServerURL, trust: Trust = .system) {
        self.url = url
        self.trust = trust
    }
}
