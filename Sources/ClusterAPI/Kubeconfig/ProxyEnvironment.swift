// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

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
        return list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).contains { entry in
            matches(entry.lowercased(), host, address, url.port)
        }
    }

    private func matches(_ entry: String, _ host: String, _ address: IPAddress?, _ port: Int) -> Bool {
        if entry == "*" { return true }
        if let slash = entry.firstIndex(of: "/"), let address, let network = IPAddress(entry[..<slash]),
            let bits = Int(entry[entry.index(after: slash)...])
        {
            return Self.isInside(address, network, bits)
        }
        var name = entry
        // "host:port" is for that port alone; an IPv6 address has more than one colon.
        if let colon = entry.lastIndex(of: ":"), entry.firstIndex(of: ":") == colon {
            guard Int(entry[entry.index(after: colon)...]) == port else { return false }
            name = String(entry[..<colon])
        }
        if let address, let other = IPAddress(name) { return address == other }
        if name.hasPrefix("*.") { name.removeFirst() }
        if name.hasPrefix(".") { return host.hasSuffix(name) }
        return host == name || host.hasSuffix("." + name)
    }

    private static func isLoopback(_ address: IPAddress) -> Bool {
        address.bytes.count == 4 ? address.bytes[0] == 127 : address.bytes == Array(repeating: 0, count: 15) + [1]
    }

    private static func isInside(_ address: IPAddress, _ network: IPAddress, _ bits: Int) -> Bool {
        guard address.bytes.count == network.bytes.count, (0...address.bytes.count * 8).contains(bits) else {
            return false
        }
        return (0..<bits).allSatisfy { bit in
            let mask = UInt8(128) >> UInt8(bit % 8)
            return address.bytes[bit / 8] & mask == network.bytes[bit / 8] & mask
        }
    }
}
