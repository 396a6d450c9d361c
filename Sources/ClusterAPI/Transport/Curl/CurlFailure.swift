// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CCurl
import Crypto
import Curl
import Glibc

/// Explains libcurl's failures.
enum CurlFailure {
    static func error(
        _ code: CURLcode, _ handle: borrowing EasyHandle, _ request: HTTPRequest, _ endpoint: ServerEndpoint
    ) -> TransportError {
        // Once libcurl was about to send, the server may have got everything.
        let wasSent = handle.offset(CURLINFO_PRETRANSFER_TIME_T) > 0
        let text = text(code, handle)
        let server = endpoint.url.authority
        let place = endpoint.provenance.isEmpty ? "" : " (\(endpoint.provenance))"
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return TransportError(
                .unknownHost, "the host name \(endpoint.url.host) has no address\(place)",
                hint: "check the server URL \(endpoint.url) of the kubeconfig and the name service")
        case CURLE_COULDNT_RESOLVE_PROXY:
            return proxyError("has no address", endpoint)
        case CURLE_COULDNT_CONNECT:
            let errorNumber = Int32(handle.long(CURLINFO_OS_ERRNO))
            let what = errorNumber == ECONNREFUSED ? "was refused" : "failed: \(systemText(errorNumber, or: text))"
            if endpoint.proxy != nil {
                return proxyError(errorNumber == ECONNREFUSED ? "refused the connection" : what, endpoint)
            }
            return TransportError(
                .refused, "the connection to the server \(server) \(what)\(place)",
                hint: "is the cluster running, and is this the right host and port?")
        case CURLE_OPERATION_TIMEDOUT where !wasSent:
            return TransportError(
                .connectTimeout, "the server \(server) did not answer in time\(place)",
                hint: "is the cluster reachable from here? A VPN or a firewall may be in between")
        case CURLE_OPERATION_TIMEDOUT:
            return TransportError(.timeout, "the server \(server) did not answer in time", mayHaveBeenProcessed: true)
        case CURLE_PEER_FAILED_VERIFICATION: return CertificateFailure.error(text, handle, endpoint)
        case CURLE_SSL_CACERT_BADFILE:
            return TransportError(
                .tls, "the certificate authorities cannot be read: \(text)\(place)",
                hint: "check certificate-authority and certificate-authority-data of the kubeconfig")
        case CURLE_SSL_CERTPROBLEM:
            return TransportError(
                .clientCertificate, "the client certificate cannot be used: \(text)\(place)",
                hint: "check client-certificate and client-key of the kubeconfig")
        case CURLE_SSL_CONNECT_ERROR: return handshakeError(text, handle, endpoint)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            return TransportError(
                .malformed, "the server \(server) does not speak HTTP as expected: \(text)",
                hint: "check the server URL \(endpoint.url) of the kubeconfig", mayHaveBeenProcessed: wasSent)
        case CURLE_RECV_ERROR where handle.long(CURLINFO_HTTP_CONNECTCODE) >= 300:
            return proxyError("refused the connection with status \(handle.long(CURLINFO_HTTP_CONNECTCODE))", endpoint)
        case CURLE_RECV_ERROR where text.contains("alert"), CURLE_SEND_ERROR where text.contains("alert"):
            return alertError(text, endpoint)
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_PARTIAL_FILE:
            return TransportError(
                .reset, "the connection to the server \(server) broke: \(text)", mayHaveBeenProcessed: wasSent)
        default:
            return TransportError(
                .other, "the exchange with the server \(server) failed: \(text)", mayHaveBeenProcessed: wasSent)
        }
    }

    private static func handshakeError(
        _ text: String, _ handle: borrowing EasyHandle, _ endpoint: ServerEndpoint
    ) -> TransportError {
        if text.contains("alert") { return alertError(text, endpoint) }
        if text.contains("wrong version number") {
            return TransportError(
                .tls, "the server \(endpoint.url.authority) does not speak TLS",
                hint: "does its URL in the kubeconfig have to begin with http://?")
        }
        if text.contains("SYSCALL") || text.contains("reset") || text.contains("unexpected eof") {
            return TransportError(
                .reset, "the connection to the server \(endpoint.url.authority) broke during the TLS handshake")
        }
        return TransportError(.tls, "no TLS session with the server \(endpoint.url.authority): \(text)")
    }

    /// The server ended the handshake with an alert, most often about the client's certificate.
    private static func alertError(_ text: String, _ endpoint: ServerEndpoint) -> TransportError {
        let isAboutClient = ["certificate", "unknown ca", "access denied"].contains { text.contains($0) }
        return TransportError(
            isAboutClient ? .clientCertificate : .tls,
            "the server \(endpoint.url.authority) ended the TLS handshake: \(text)",
            hint: isAboutClient
                ? "the client certificate of the kubeconfig is not accepted: is it of this cluster?" : nil)
    }

    private static func proxyError(_ what: String, _ endpoint: ServerEndpoint) -> TransportError {
        guard let proxy = endpoint.proxy else { return TransportError(.proxy, "the proxy \(what)") }
        return TransportError(
            .proxy, "proxy \(proxy.shownURL) (from \(proxy.source)) \(what)",
            hint: "check the proxy; the server itself (\(endpoint.url.authority)) was not reached")
    }

    private static func text(_ code: CURLcode, _ handle: borrowing EasyHandle) -> String {
        let detail = handle.failureText
        return detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    }

    private static func systemText(_ number: Int32, or text: String) -> String {
        number == 0 ? text : String(cString: strerror(number))
    }
}

/// Explains why a server's certificate is not believed.
enum CertificateFailure {
    static func error(_ text: String, _ handle: borrowing EasyHandle, _ endpoint: ServerEndpoint) -> TransportError {
        let server = endpoint.url.authority
        let place = endpoint.provenance.isEmpty ? "" : " (\(endpoint.provenance))"
        let shown = handle.serverCertificates.first.flatMap { try? Certificate(pem: $0) }
        if text.contains("subject name") || text.contains("no alternative certificate"), let shown {
            let names = shown.alternativeNames.all
            let list = names.isEmpty ? "no name at all" : names.joined(separator: ", ")
            return TransportError(
                .tls,
                "the certificate of the server is not valid for \(endpoint.serverName ?? endpoint.url.host)\(place)",
                hint: "it is valid for \(list): use one of these in the server URL, or set tls-server-name")
        }
        if text.contains("expired") {
            return TransportError(
                .tls, "the certificate of the server \(server) has expired\(place)",
                hint: "renew it on the cluster, and check the clock of this machine")
        }
        if text.contains("not yet valid") {
            return TransportError(
                .tls, "the certificate of the server \(server) is not yet valid\(place)",
                hint: "check the clock of this machine")
        }
        return TransportError(
            .unknownAuthority, "the certificate of the server \(server) is signed by an unknown authority\(place)",
            hint: "set certificate-authority-data of the kubeconfig to the authority of this cluster")
    }
}
