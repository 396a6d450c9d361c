// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Crypto
import Glibc
import Processes
import Testing

/// Debian's nghttpx in front of a test server: it speaks HTTP/2 to clients.
private struct HTTP2Proxy {
    static let program = Environment.findExecutable("nghttpx", path: Environment.current["PATH"])

    let child: ChildProcess
    let endpoint: ServerEndpoint

    init(before port: Int) throws {
        let folder = "/tmp/iflearnerctl-nghttpx-\(UInt64.random(in: 0 ... .max))"
        let authority = try CertifiedKey.authority(commonName: "ca", days: 1)
        var request = CertificateRequest(commonName: "server", days: 1)
        request.ipAddresses = [IPAddress("127.0.0.1")].compactMap(\.self)
        let leaf = try authority.issue(request)
        try FileBytes.replace("\(folder)/key", with: Array(try leaf.key.pem().utf8))
        try FileBytes.replace("\(folder)/cert", with: Array(try leaf.certificate.pem().utf8))
        let front = try Self.freePort()
        var command = Command(
            try #require(Self.program),
            [
                "--conf=/dev/null", "--frontend=127.0.0.1,\(front)", "--backend=127.0.0.1,\(port)", "--workers=1",
                "--errorlog-file=/dev/null", "--accesslog-file=/dev/null", "\(folder)/key", "\(folder)/cert",
            ])
        command.output = .null
        command.errors = .null
        child = try command.spawn()
        var endpoint = ServerEndpoint(url: ServerURL(isSecure: true, host: "127.0.0.1", port: front))
        endpoint.trust = .authorities(Array(try authority.certificate.pem().utf8))
        self.endpoint = endpoint
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 ? getsockname(descriptor, pointer, &length) : -1
            }
        }
        try #require(code == 0)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

@Suite(.enabled(if: HTTP2Proxy.program != nil, "nghttpx is not installed")) struct `HTTP/2` {
    @Test func `requests and streams share HTTP/2 connections`() async throws {
        let server = try TestServer { request in
            if request.path == "/stream" {
                return .stream { writer in for number in 0..<20 { writer.write("\(number)\n") } }
            }
            return .text("\(request.path) \(request.header("Via") ?? "")")
        }
        let proxy = try HTTP2Proxy(before: server.port)
        let transport = CurlTransport(proxy.endpoint)
        // Until nghttpx listens, connections are refused: the client's own retries wait for it.
        let client = ClusterClient(transport: transport)
        await #expect { try await client.version() } throws: { ($0 as? TransportError)?.kind == .malformed }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<150 {
                group.addTask {
                    let response = try await transport.send(HTTPRequest(.get, "/\(number)"))
                    #expect(String(decoding: response.body, as: UTF8.self).hasPrefix("/\(number) 2 nghttpx"))
                }
            }
            for _ in 0..<5 {
                group.addTask {
                    let stream = try await transport.stream(
                        HTTPRequest(.get, "/stream", timeout: nil, lane: .streams))
                    var count = 0
                    for try await chunk in stream.body { count += chunk.count { $0 == UInt8(ascii: "\n") } }
                    #expect(count == 20)
                }
            }
            try await group.waitForAll()
        }
        proxy.child.send(SIGTERM)
        _ = await proxy.child.wait()
        await server.stop()
    }
}
