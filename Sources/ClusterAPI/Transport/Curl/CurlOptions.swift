// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CCurl
import Curl

/// Sets libcurl up for one request.
enum CurlOptions {
    static func apply(_ request: HTTPRequest, _ endpoint: ServerEndpoint, to handle: inout EasyHandle) {
        setAddress(request, endpoint, &handle)
        setConnection(request, endpoint, handle)
        setTrust(endpoint, handle)
        setTimes(request, handle)
        if let identity = request.identity, endpoint.url.isSecure {
            handle.set(CURLOPT_SSLCERT_BLOB, pem: identity.certificate)
            handle.set(CURLOPT_SSLKEY_BLOB, pem: identity.key)
            handle.set(CURLOPT_SSLCERTTYPE, "PEM")
            handle.set(CURLOPT_SSLKEYTYPE, "PEM")
        }
        if let body = request.body { handle.setBody(body) }
        handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        handle.setHeaders(headerLines(request, endpoint))
        if request.lane != .streams, !endpoint.disablesCompression { handle.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
    }

    private static func setAddress(_ request: HTTPRequest, _ endpoint: ServerEndpoint, _ handle: inout EasyHandle) {
        var url = endpoint.url
        if let name = endpoint.serverName, name != url.host {
            // libcurl verifies and asks for the URL's host: the URL gets the name, and the connection its old place.
            handle.setConnectTo("\(name):\(url.port):\(url.bracketedHost):\(url.port)")
            url.host = name
        }
        handle.set(CURLOPT_URL, url.description + request.target)
        // A name such as ".." is a name and no step upwards.
        handle.set(CURLOPT_PATH_AS_IS, true)
        handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        handle.set(CURLOPT_FOLLOWLOCATION, false)
        handle.set(CURLOPT_PROXY, endpoint.proxy?.url ?? "")
        handle.set(CURLOPT_NOPROXY, "")
        handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    }

    private static func setConnection(
        _ request: HTTPRequest, _ endpoint: ServerEndpoint, _ handle: borrowing EasyHandle
    ) {
        handle.set(
            CURLOPT_HTTP_VERSION,
            endpoint.disablesHTTP2 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS)
        handle.set(CURLOPT_PIPEWAIT, true)
        handle.set(CURLOPT_NOSIGNAL, true)
        handle.set(CURLOPT_TCP_KEEPALIVE, true)
        handle.set(CURLOPT_TCP_KEEPIDLE, 30)
        handle.set(CURLOPT_TCP_KEEPINTVL, 15)
        _ = ccurl_set_silence_bound(handle.pointer)
    }

    private static func setTrust(_ endpoint: ServerEndpoint, _ handle: borrowing EasyHandle) {
        handle.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        handle.set(CURLOPT_CERTINFO, true)
        switch endpoint.trust {
        case .system: break
        case .authorities(let pem): handle.set(CURLOPT_CAINFO_BLOB, pem: pem)
        case .nobody:
            handle.set(CURLOPT_SSL_VERIFYPEER, false)
            handle.set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        if !trustsMachineFolder(endpoint.trust) { handle.set(CURLOPT_CAPATH, nil) }
    }

    /// Whether the certificates in libcurl's built-in folder count.
    ///
    /// libcurl trusts them in addition to a blob of authorities, which would make a private authority no pin at all.
    static func trustsMachineFolder(_ trust: ServerEndpoint.Trust) -> Bool { trust == .system }

    private static func setTimes(_ request: HTTPRequest, _ handle: borrowing EasyHandle) {
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, 10_000)
        if let timeout = request.timeout { handle.set(CURLOPT_TIMEOUT_MS, max(1, timeout.wholeMilliseconds)) }
        if let idle = request.idleTimeout {
            handle.set(CURLOPT_LOW_SPEED_LIMIT, 1)
            handle.set(CURLOPT_LOW_SPEED_TIME, max(1, idle.wholeMilliseconds / 1000))
        }
    }

    private static func headerLines(_ request: HTTPRequest, _ endpoint: ServerEndpoint) -> [String] {
        // libcurl would wait a second for "100 Continue" before larger bodies.
        var lines = ["Expect:"]
        if let name = endpoint.serverName, name != endpoint.url.host { lines.append("Host: \(endpoint.url.authority)") }
        for field in request.headers.fields {
            // A line end in a value would start a header of the attacker's choice.
            let value = field.value.filter { !$0.isNewline && $0 != "\0" }
            lines.append(value.isEmpty ? "\(field.name);" : "\(field.name): \(value)")
        }
        return lines
    }
}
