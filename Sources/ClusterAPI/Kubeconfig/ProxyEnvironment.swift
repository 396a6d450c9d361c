// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Curl

/// Which proxy the environment asks for, by the rules that Go programs follow.
struct ProxyEnvironment {
    private let variables: [String: String]

    init(_ environment: [String: String]) {
        variables = environment
    }

    /// The proxy for a server; nil for none.
    ///
    /// This machine itself is never reached through a proxy.
    func proxy(for url: ServerURL) -> ServerEndpoint.Proxy? {
        let names = url.isSecure ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"]
        guard let name = names.first(where: { variables[$0]?.isEmpty == false }), var proxy = variables[name] else {
            return nil
        }
        guard !isExempt(url) else { return nil }
        if !proxy.contains("://") { proxy = "http://" + proxy }
        return .init(url: Self.curlURL(proxy), source: name)
    }

    /// The URL as libcurl has to get it: Go lets a SOCKS proxy resolve names, libcurl only under another scheme.
    static func curlURL(_ url: String) -> String {
        url.lowercased().hasPrefix("socks5://") ? "socks5h://" + url.dropFirst("socks5://".count) : url
    }

    private func isExempt(_ url: ServerURL) -> Bool {
        let host = url.host.lowercased()
        let address = IPAddress(host)
        if host == "localhost" || host.hasSuffix(".localhost") || address.map(Self.isLoopback) == true { return true }
        let list = ["NO_PROXY", "no_proxy"].compactMap { variables[$0] }.first { !$0.isEmpty } ?? ""
        return ProxyExemptions(list).cover(host: host, port: url.port)
    }

    private static func isLoopback(_ address: IPAddress) -> Bool {
        address.bytes.count == 4 ? address.bytes[0] == 127 : address.bytes == Array(repeating: 0, count: 15) + [1]
    }
}
