// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CCurl
import Curl
import Glibc
import Terminal

extension TunnelFailure {
    /// Explains why libcurl could not make a tunnel.
    init(
        _ code: CURLcode, _ handle: borrowing EasyHandle, _ answer: ProxyAnswer, _ route: Route,
        hasLogin: Bool, timeout: Duration
    ) {
        let status = handle.long(CURLINFO_HTTP_CONNECTCODE)
        let text = handle.failureText.isEmpty ? String(cString: curl_easy_strerror(code)) : handle.failureText
        let (target, name) = (route.target, route.proxyName)
        if route.proxy != nil, status >= 300 {
            self = Self.refusal(status, answer, route, hasLogin: hasLogin)
            return
        }
        switch code {
        case CURLE_COULDNT_RESOLVE_PROXY:
            self.init(
                .proxyUnknown, "the host name of \(name) has no address", hint: "check --proxy and the name service")
        case CURLE_COULDNT_RESOLVE_HOST:
            self.init(
                .targetUnknown, "the host name of the target \(target) has no address",
                hint: "check --listen and the name service"
                    + (route.proxy == nil ? "; does the target have to be reached through a proxy?" : ""))
        case CURLE_COULDNT_CONNECT:
            let number = Int32(handle.long(CURLINFO_OS_ERRNO))
            let why =
                number == ECONNREFUSED ? "refused the connection" : "cannot be reached: \(Self.text(number, text))"
            if route.proxy == nil {
                self.init(.targetUnreachable, "the target \(target) \(why)")
            } else {
                self.init(.proxyUnreachable, "\(name) \(why)", hint: "the target \(target) was not reached either")
            }
        case CURLE_OPERATION_TIMEDOUT:
            self = Self.delay(route, isConnected: handle.long(CURLINFO_REQUEST_SIZE) > 0, timeout)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            self.init(
                .proxyTLS, "no TLS session with \(name): \(text)",
                hint: text.contains("wrong version number")
                    ? "does its URL have to begin with http://?"
                    : "is its authority among those of the machine? another one is named with --proxy-ca-file "
                        + "(egress.proxyCA of the plan) or $SSL_CERT_FILE")
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT: self.init(.resources, text)
        default:
            if route.proxy == nil {
                self.init(.other, "the target \(target) was not reached: \(text)")
            } else if answer.status.isEmpty {
                self.init(
                    .proxyBroken, "\(name) gave no answer of HTTP to CONNECT \(target): \(text)",
                    hint: "is it a proxy, and is --proxy its right port?")
            } else {
                self.init(.proxyBroken, "\(name) broke off CONNECT \(target): \(text)")
            }
        }
    }

    private static func delay(_ route: Route, isConnected: Bool, _ timeout: Duration) -> TunnelFailure {
        let limit = "within \(timeout.elapsed)"
        guard route.proxy != nil else {
            return TunnelFailure(.timeout, "the target \(route.target) could not be reached \(limit)")
        }
        guard isConnected else {
            return TunnelFailure(
                .timeout, "\(route.proxyName) could not be reached \(limit)", hint: "is a firewall in between?")
        }
        return TunnelFailure(
            .timeout, "\(route.proxyName) did not answer CONNECT \(route.target) \(limit)",
            hint: "it may be waiting for the target: does the target listen on this port?")
    }

    /// What an answer other than 2xx means.
    private static func refusal(_ status: Int, _ answer: ProxyAnswer, _ route: Route, hasLogin: Bool) -> TunnelFailure {
        let shown = answer.status.isEmpty ? String(status) : answer.status
        let message = "\(route.proxyName) answered \(shown) to CONNECT \(route.target)"
        let offer = answer.logins.isEmpty ? "" : " (\(answer.logins.joined(separator: ", ")))"
        let isPossible = answer.logins.isEmpty || answer.logins.contains(where: isKnown)
        switch status {
        // tinyproxy answers a wrong login with 401.
        case 401 where hasLogin, 407 where hasLogin && isPossible:
            return TunnelFailure(
                .proxyLogin, "\(message): it does not accept the login\(offer)",
                hint: "check username and password in the Secret of --proxy-credentials-dir")
        case 407:
            return TunnelFailure(
                .proxyLogin, "\(message): it wants a login\(offer)",
                hint: isPossible
                    ? "name a folder with the files username and password with --proxy-credentials-dir"
                    : "the relay knows Basic, Digest and NTLM; ask for an exception for this machine")
        case 502, 503, 504:
            return TunnelFailure(
                .targetUnreachable, "\(message): it cannot reach the target",
                hint: "is the target running, and does the proxy know its name?")
        case 405, 501:
            return TunnelFailure(
                .proxyDenied, "\(message): it does not know CONNECT", hint: "is this the proxy for HTTPS?")
        case 401, 403, 451:
            return TunnelFailure(
                .proxyDenied, message,
                hint: route.target.port == 443
                    ? "the proxy does not allow this host; ask for it"
                    : "the proxy does not allow this port; ask for it, or use port 443")
        default: return TunnelFailure(.proxyDenied, message)
        }
    }

    private static func isKnown(_ login: String) -> Bool {
        ["basic", "digest", "ntlm"].contains(login.lowercased())
    }

    /// The system's words for an error number; those of libcurl when there is none.
    static func text(_ number: Int32, _ other: String = "") -> String {
        guard number != 0 else { return other }
        let text = String(cString: strerror(number))
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
