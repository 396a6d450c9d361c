// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Diagnostics
import Processes

/// Makes an endpoint of a cluster's entry.
struct EndpointResolution {
    let entry: ClusterEntry
    let name: String
    let context: String
    let environment: [String: String]

    func endpoint(_ warnings: inout [Diagnostic]) throws(KubeconfigError) -> ServerEndpoint {
        let place = entry.origin.location
        guard !entry.server.isEmpty else { throw KubeconfigError("cluster \"\(name)\" has no server", at: place) }
        let url: ServerURL
        do {
            let hasTLSOptions = entry.isInsecure || entry.authorityFile != nil || entry.authorityData != nil
            url = try ServerURL(entry.server, defaultsToTLS: hasTLSOptions)
        } catch {
            throw KubeconfigError(
                "the server of cluster \"\(name)\" cannot be used: \(Self.text(error))", at: place,
                hint: "it has to look like https://host:6443")
        }
        var endpoint = ServerEndpoint(url: url, trust: try trust(&warnings))
        endpoint.serverName = entry.tlsServerName
        endpoint.disablesCompression = entry.disablesCompression
        endpoint.proxy = try proxy(for: url)
        endpoint.provenance = "context \"\(context)\" of \(entry.origin.file)"
        return endpoint
    }

    private func trust(_ warnings: inout [Diagnostic]) throws(KubeconfigError) -> ServerEndpoint.Trust {
        if let data = entry.authorityData, entry.authorityFile != nil {
            throw KubeconfigError(
                "cluster \"\(name)\" has both certificate-authority and certificate-authority-data", at: data.location,
                hint: "remove one of them")
        }
        if entry.isInsecure {
            if let authority = entry.authorityData ?? entry.authorityFile {
                throw KubeconfigError(
                    "cluster \"\(name)\" has a certificate authority and insecure-skip-tls-verify",
                    at: authority.location,
                    hint: "remove insecure-skip-tls-verify")
            }
            warnings.append(
                Diagnostic(
                    "the certificate of cluster \"\(name)\" is not verified (insecure-skip-tls-verify)",
                    at: entry.origin.location, severity: .warning, hint: "set certificate-authority-data instead"))
            return .nobody
        }
        guard
            let pem = try KubeconfigBytes(entry.origin, "clusters[\(name)].cluster")
                .bytes(data: entry.authorityData, file: entry.authorityFile, "certificate-authority")
        else { return .system }
        do {
            _ = try Certificate.bundle(pem: String(decoding: pem.value, as: UTF8.self))
        } catch {
            throw KubeconfigError(
                "the certificate authority of cluster \"\(name)\" is not a PEM certificate", at: pem.location)
        }
        return .authorities(pem.value)
    }

    private func proxy(for url: ServerURL) throws(KubeconfigError) -> ServerEndpoint.Proxy? {
        guard let proxy = entry.proxyURL else { return ProxyEnvironment(environment).proxy(for: url) }
        let scheme = proxy.value.split(separator: ":", maxSplits: 1).first.map { $0.lowercased() } ?? ""
        guard ["http", "https", "socks5"].contains(scheme), proxy.value.contains("://") else {
            throw KubeconfigError(
                "the proxy-url of cluster \"\(name)\" has the scheme \(scheme), which is not supported",
                at: proxy.location,
                hint: "it has to be http, https or socks5")
        }
        return .init(url: ProxyEnvironment.curlURL(proxy.value), source: "proxy-url of cluster \"\(name)\"")
    }

    private static func text(_ problem: ServerURL.Problem) -> String {
        switch problem {
        case .scheme(let scheme): "the scheme \(scheme) is neither http nor https"
        case .userInfo: "it has a user or password, which belong into a user entry"
        case .query: "it has a query or a fragment"
        case .host: "it has no valid host"
        case .port(let port): "\(port.prefix(20)) is no port"
        }
    }
}
