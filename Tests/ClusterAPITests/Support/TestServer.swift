// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import HTTPServer
import Synchronization

/// A request as the test server got it.
struct SeenRequest: Sendable {
    var method: String
    var target: String
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
    var path: String { String(target.prefix { $0 != "?" }) }
    func query(_ name: String) -> String? {
        target.split(separator: "?").dropFirst().first?.split(separator: "&")
            .first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }
}

/// What the test server answers.
enum Answer: Sendable {
    case body(Int, [UInt8], type: String, headers: [(String, String)])
    case stream(@Sendable (StreamWriter) async -> Void)
    case dropped

    static func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> Answer {
        .body(status, Array(text.utf8), type: "application/json", headers: headers)
    }

    static func text(_ text: String, status: Int = 200, type: String = "text/plain", headers: [(String, String)] = [])
        -> Answer
    { .body(status, Array(text.utf8), type: type, headers: headers) }
}

/// Writes a streamed answer.
struct StreamWriter: Sendable {
    fileprivate let writer: HTTPBodyWriter

    func write(_ text: String) { writer.write(Array(text.utf8)) }
    func abort() { writer.abort() }
}

/// A small server for tests, on a port of its own.
final class TestServer: Sendable {
    private final class Log: Sendable {
        let seen = Mutex<[SeenRequest]>([])
    }

    let port: Int
    /// The authority that signed the server's certificate, as PEM; nil for plain HTTP.
    let authority: [UInt8]?
    private let server: HTTPServer::HTTPServer
    private let log: Log

    init(
        tls: Bool = false, names: [String] = ["localhost"], addresses: [String] = ["127.0.0.1"],
        _ answer: @escaping @Sendable (SeenRequest) async -> Answer
    ) throws {
        var configuration = HTTPServer::HTTPServer.Configuration()
        if tls {
            let ca = try CertifiedKey.authority(commonName: "test authority", days: 1)
            var request = CertificateRequest(commonName: "server", days: 1)
            request.dnsNames = names
            request.ipAddresses = addresses.compactMap { IPAddress($0) }
            let leaf = try ca.issue(request)
            configuration.tls = .init(certificatePEM: try leaf.certificate.pem(), keyPEM: try leaf.key.pem())
            authority = Array(try ca.certificate.pem().utf8)
        } else {
            authority = nil
        }
        let log = Log()
        self.log = log
        server = try HTTPServer::HTTPServer(configuration) { request in
            let seen = SeenRequest(
                method: request.method, target: request.target,
                headers: request.headers.fields.map { ($0.name, $0.value) }, body: request.body)
            log.seen.withLock { $0.append(seen) }
            return Self.response(await answer(seen))
        }
        port = Int(server.port)
    }

    /// The requests so far.
    var seen: [SeenRequest] { log.seen.withLock { $0 } }

    func stop() async { await server.stop() }

    private static func response(_ answer: Answer) -> HTTPServer::HTTPResponse {
        switch answer {
        case .dropped: return .dropped
        case .stream(let write):
            return HTTPServer::HTTPResponse(
                status: 200, headers: ["Content-Type": "application/json"],
                body: .stream { await write(StreamWriter(writer: $0)) })
        case .body(let status, let bytes, let type, let fields):
            var headers: HTTPHeaders = ["Content-Type": type]
            for (name, value) in fields { headers.add(name, value) }
            return HTTPServer::HTTPResponse(status: status, headers: headers, body: .bytes(bytes))
        }
    }
}
