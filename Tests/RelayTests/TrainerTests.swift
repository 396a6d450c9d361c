// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Processes
import Relay
import Sockets
import Testing
import Values

/// The real thing: a trainer's gRPC client, a proxy as sites have it, and a gRPC server with the platform's certificate.
@Suite(.timeLimit(.minutes(2)))
struct TrainerTests {
    private static let login = ("svc-fl", "s3cret")

    /// A server, and the files that a client and proxies need.
    private struct Site {
        let folder: Folder
        let authorities: String
        let certificate: String
        let key: String
        let server: TestProgram
        let port: UInt16

        static func open() async throws -> Site {
            let folder = try Folder()
            let authority = try CertifiedKey.authority(commonName: "lungnet", days: 1)
            var request = CertificateRequest(commonName: "aggregator", days: 1)
            request.dnsNames = ["*.server.iflearner.com", "proxy.klinik.local"]
            request.ipAddresses = [IPAddress("127.0.0.1")].compactMap(\.self)
            let leaf = try authority.issue(request)
            let authorities = try folder.write("ca.crt", try authority.certificate.pem())
            let certificate = try folder.write("tls.crt", try leaf.certificate.pem())
            let key = try folder.write("tls.key", try leaf.key.pem())
            try folder.writeLogin(TrainerTests.login.0, TrainerTests.login.1)
            let server = try TestProgram(
                try TestProgram.python(), [TestProgram.script("grpc_server.py"), certificate, key], in: folder)
            try await eventually("the port of the gRPC server") { server.output.hasSuffix("\n") }
            guard let port = UInt16(server.output.dropLast()) else { throw TestFailure(server.output) }
            return Site(
                folder: folder, authorities: authorities, certificate: certificate, key: key, server: server, port: port
            )
        }

        /// Runs the client against a relay; what it printed.
        func train(through relay: TestRelay) async throws -> String {
            let arguments = [
                TestProgram.script("grpc_client.py"), String(relay.relay.rules[0].address.port), authorities,
                "0a1b2c.server.iflearner.com",
            ]
            let run = try await Command(try TestProgram.python(), arguments).capture(timeout: .seconds(90))
            guard run.status == .code(0) else { throw TestFailure("the client ended with \(run.status)") }
            return String(decoding: run.output, as: UTF8.self)
        }
    }

    private static let success = "100 calls\n33554432 bytes and back\na stream of 200 messages\n"

    @Test func `a trainer reaches its aggregator through a proxy with a login`() async throws {
        let site = try await Site.open()
        let proxy = try await Tinyproxy.start(in: site.folder, login: Self.login, allowing: [site.port])
        try await TestRelay(to: [HostPort(host: "localhost", port: site.port)]) {
            $0.useProxy(proxy.port, login: site.folder.path)
        }.run { relay in
            let output = try await site.train(through: relay)
            #expect(output == Self.success)
            // One connection carried all of it, end to end.
            #expect(relay.metric("iflearnerctl_relay_connections_opened_total") == 1)
            let sent = try #require(relay.metric("iflearnerctl_relay_bytes_total{direction=\"to_target\"}"))
            #expect(sent > 32 << 20)
            #expect(proxy.program.output.contains("localhost:\(site.port)"))
            // A client may end by a reset, as gRPC's does when it is in a hurry.
            let failures = try relay.events("connection failed").filter { $0["reason"] != "client_broken" }
            #expect(failures == [])
        }
        await proxy.program.stop()
        await site.server.stop()
    }

    @Test func `a trainer reaches its aggregator through a proxy that is spoken to over TLS`() async throws {
        let site = try await Site.open()
        let inner = try await Tinyproxy.start(in: site.folder, login: Self.login, allowing: [site.port])
        let outer = try await SecureProxy.start(
            in: site.folder, certificate: site.certificate, key: site.key, before: inner.port)
        try await TestRelay(to: [HostPort(host: "localhost", port: site.port)]) { configuration in
            configuration.proxy = ProxyURL(isSecure: true, HostPort(host: "127.0.0.1", port: outer.port))
            configuration.authoritiesFile = site.authorities
            configuration.loginFolder = site.folder.path
        }.run { relay in
            let output = try await site.train(through: relay)
            #expect(output == Self.success)
            // A client may end by a reset, as gRPC's does when it is in a hurry.
            let failures = try relay.events("connection failed").filter { $0["reason"] != "client_broken" }
            #expect(failures == [])
        }
        for program in [outer.program, inner.program, site.server] { await program.stop() }
    }

    @Test func `a trainer reaches its aggregator without a proxy`() async throws {
        let site = try await Site.open()
        try await TestRelay(to: site.port).run { relay in
            let output = try await site.train(through: relay)
            #expect(output == Self.success)
        }
        await site.server.stop()
    }

    @Test func `tinyproxy's refusals are told for what they are`() async throws {
        let folder = try Folder()
        let proxy = try await Tinyproxy.start(in: folder, login: Self.login, allowing: [443])
        let target = HostPort(host: "localhost", port: 30031)
        try folder.writeLogin("svc-fl", "wrong")
        for (hasLogin, reason, error) in [
            (
                false, "proxy_login",
                "407 Proxy Authentication Required to CONNECT localhost:30031: it wants a login (Basic)"
            ),
            (true, "proxy_login", "401 Unauthorized to CONNECT localhost:30031: it does not accept the login"),
        ] {
            try await TestRelay(to: [target]) { $0.useProxy(proxy.port, login: hasLogin ? folder.path : nil) }.run {
                relay in
                let failed = try await relay.failedConnection()
                #expect(failed["reason"]?.string == reason)
                #expect(failed["error"]?.string == "proxy 127.0.0.1:\(proxy.port) answered \(error)")
            }
        }
        try folder.writeLogin(Self.login.0, Self.login.1)
        try await TestRelay(to: [target]) { $0.useProxy(proxy.port, login: folder.path) }.run { relay in
            let failed = try await relay.failedConnection()
            #expect(failed["reason"]?.string == "proxy_denied")
            #expect(failed["error"]?.string?.contains("answered 403") == true)
            #expect(failed["hint"]?.string == "the proxy does not allow this port; ask for it, or use port 443")
        }
        await proxy.program.stop()
    }

    @Test func `a proxy's authority that comes later, or is renewed, counts for the next connection`() async throws {
        let site = try await Site.open()
        let inner = try await Tinyproxy.start(in: site.folder, login: Self.login, allowing: [site.port])
        let outer = try await SecureProxy.start(
            in: site.folder, certificate: site.certificate, key: site.key, before: inner.port)
        let folder = try Folder()
        let another = try CertifiedKey.authority(commonName: "another", days: 1)
        let file = try folder.write("ca.crt", try another.certificate.pem())
        try await TestRelay(to: [HostPort(host: "localhost", port: site.port)]) { configuration in
            configuration.proxy = ProxyURL(isSecure: true, HostPort(host: "127.0.0.1", port: outer.port))
            configuration.authoritiesFile = file
            configuration.loginFolder = site.folder.path
        }.run { relay in
            let client = try relay.connect()
            #expect(try await blocking { try client.endsWithReset() })
            #expect(try await relay.event("connection failed")["reason"]?.string == "proxy_tls")
            _ = try folder.write("ca.crt", site.folder.text("ca.crt"))
            let output = try await site.train(through: relay)
            #expect(output == Self.success)
        }
        for program in [outer.program, inner.program, site.server] { await program.stop() }
    }

    @Test(arguments: [
        (nil, "the proxy's authorities are not there"), ("no certificate at all", "holds no certificate"),
    ]) func `a relay without its proxy's authorities does not start`(_ text: String?, _ message: String) throws {
        let folder = try Folder()
        let file = try text.map { try folder.write("ca.crt", $0) } ?? folder.path + "/ca.crt"
        func start(isSecure: Bool) throws {
            _ = try TestRelay(to: 1) { configuration in
                configuration.proxy = ProxyURL(isSecure: isSecure, HostPort(host: "127.0.0.1", port: 1))
                configuration.authoritiesFile = file
            }
        }
        let error = #expect(throws: RelayError.self) { try start(isSecure: true) }
        #expect(error?.description.contains(message) == true)
        #expect(error?.description.contains(file) == true)
        // Who speaks to a proxy without TLS needs none.
        try start(isSecure: false)
        withExtendedLifetime(folder) {}
    }

    @Test func `a certificate that nobody vouches for closes a proxy over TLS`() async throws {
        let site = try await Site.open()
        let outer = try await SecureProxy.start(
            in: site.folder, certificate: site.certificate, key: site.key, before: 1)
        try await TestRelay(to: site.port) { configuration in
            configuration.proxy = ProxyURL(isSecure: true, HostPort(host: "127.0.0.1", port: outer.port))
        }.run { relay in
            let failed = try await relay.failedConnection()
            #expect(failed["reason"]?.string == "proxy_tls")
            #expect(failed["hint"]?.string?.contains("--proxy-ca-file (egress.proxyCA of the plan)") == true)
        }
        for program in [outer.program, site.server] { await program.stop() }
    }
}
