// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Glibc
import HTTPServer
import Sandbox
import Testing

/// Certificates whose time is over, the server's and the user's (issue item 7).
@Suite(.timeLimit(.minutes(10)))
struct ExpiredCertificateTests {
    /// Valid for a day, a month ago.
    private func expired(_ name: String, from authority: CertifiedKey) throws -> CertifiedKey {
        var request = CertificateRequest(commonName: name, days: 1, now: time(nil) - 30 * 86_400)
        request.ipAddresses = [IPAddress("127.0.0.1")].compactMap(\.self)
        return try authority.issue(request)
    }

    private func encoded(_ pem: String) -> String { Base64.encode(pem.utf8) }

    @Test func `a server with an expired certificate is not trusted, and the reason is said`() async throws {
        let authority = try CertifiedKey.authority(commonName: "test", days: 2)
        let identity = try expired("server", from: authority)
        var settings = HTTPServer.Configuration()
        settings.tls = HTTPServer.TLS(
            certificatePEM: try identity.certificate.pem(), keyPEM: try identity.key.pem())
        let server = try HTTPServer(settings) { _ in .text("nobody reads this") }
        let folder = try Folder()
        let config = try folder.write(
            "kubeconfig",
            """
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:\(server.port)", certificate-authority-data: \(encoded(try authority.certificate.pem()))}}]
            users: [{name: u, user: {token: some-token-of-a-user}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """)
        let run = try await Program.run(
            ["cluster", "install", "-f", "examples/cluster.yaml"],
            environment: ["HOME": folder.path, "KUBECONFIG": config, "IFLEARNERCTL_TIME_SCALE": "20"],
            directory: Program.package)
        await server.stop()
        folder.remove()
        expect(run, code: 12, says: "certificate", "expired", "hint: ")
        #expect(run.output.isEmpty, "\(run)")
    }

    @Test func `an expired certificate of the user is told before anything is sent`() async throws {
        try await TestCluster.with { cluster in
            let identity = try expired("jane", from: try CertifiedKey.authority(commonName: "test", days: 2))
            let config = cluster.server.kubeconfig.replacing(
                "    token: \(cluster.server.token)",
                with: """
                        client-certificate-data: \(encoded(try identity.certificate.pem()))
                        client-key-data: \(encoded(try identity.key.pem()))
                    """)
            let path = try cluster.home.write("jane", config)
            chmod(path, 0o600)
            let run = try await cluster.run("cluster", "list", "--kubeconfig", path)
            expect(run, code: 12, says: "client certificate of user \"sandbox\" expired 29 days ago", "hint: renew it")
            #expect(cluster.server.requests.allSatisfy { !$0.userAgent.hasPrefix("iflearnerctl") })
        }
    }
}
