// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Crypto
import Diagnostics
import Processes
import Testing

@Suite struct `Kubeconfig, kubernetes-client §1` {
    struct Bad: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var expected: [String]

        init(_ what: String, _ text: String, _ expected: String...) {
            testDescription = what
            self.text = text
            self.expected = expected
        }
    }

    private static func file(
        cluster: String = "{server: https://k.example}", user: String = "{token: t}",
        context: String = "{cluster: k, user: u}"
    ) -> String {
        """
        current-context: c
        clusters: [{name: k, cluster: \(cluster)}]
        users: [{name: u, user: \(user)}]
        contexts: [{name: c, context: \(context)}]
        """
    }

    static let bad: [Bad] = [
        Bad("tabs", "clusters:\n\t- name: x\n", "error: config:2:1", "tab"),
        Bad("another manifest", "apiVersion: v1\nkind: Pod\n", "config is a Pod manifest, not a kubeconfig"),
        Bad("a list", "[1]", "a mapping is expected"),
        Bad(
            "two clusters of a name", "clusters:\n- {name: a, cluster: {}}\n- {name: a, cluster: {}}\n",
            "error: config:3:3: clusters has two entries named \"a\"", "note: config:2:3: the first one is here"),
        Bad(
            "act-as", file(user: "{token: canary, act-as: bob}"), "error: config:3:", "unknown key act-as",
            "hint: did you mean as?"),
        Bad("as-groups without as", file(user: "{token: t, as-groups: [g]}"), "without a user"),
        Bad("no context", "clusters: []\n", "config has no current-context"),
        Bad(
            "a context that is not there", "current-context: prood\ncontexts: [{name: prod, context: {cluster: k}}]\n",
            "there is no context \"prood\" in config", "did you mean prod? there are: prod"),
        Bad(
            "a cluster that is not there", file(context: "{cluster: zzz, user: u}"),
            "context \"c\" refers to cluster \"zzz\", which is not defined in config"),
        Bad(
            "a user that is not there", file(context: "{cluster: k, user: v}"),
            "context \"c\" refers to user \"v\", which is not defined in config", "did you mean \"u\"?"),
        Bad("no server", file(cluster: "{}"), "cluster \"k\" has no server"),
        Bad("a server with a password", file(cluster: "{server: 'https://a:canary@h'}"), "it has a user or password"),
        Bad("a server with a query", file(cluster: "{server: 'https://h/?a=b'}"), "it has a query or a fragment"),
        Bad(
            "a server of another kind", file(cluster: "{server: 'ftp://h'}"), "the scheme ftp is neither http nor https"
        ),
        Bad("a port too large", file(cluster: "{server: 'https://h:70000'}"), "70000 is no port"),
        Bad(
            "an authority that is missing", file(cluster: "{server: https://h, certificate-authority: ca.pem}"),
            "error: config:2:", "ca.pem cannot be read: no such file or directory"),
        Bad(
            "an authority that is not base64",
            file(cluster: "{server: https://h, certificate-authority-data: '%%canary'}"),
            "clusters[k].cluster.certificate-authority-data is not base64 (byte 0)"),
        Bad(
            "an authority that is no certificate",
            file(cluster: "{server: https://h, certificate-authority-data: Y2FuYXJ5}"), "is not a PEM certificate"),
        Bad(
            "an authority and no verification",
            file(cluster: "{server: https://h, certificate-authority-data: YQ==, insecure-skip-tls-verify: true}"),
            "remove insecure-skip-tls-verify"),
        Bad(
            "two authorities",
            file(cluster: "{server: https://h, certificate-authority-data: YQ==, certificate-authority: x}"),
            "has both certificate-authority and certificate-authority-data"),
        Bad(
            "a proxy of another kind", file(cluster: "{server: https://h, proxy-url: 'ftp://x'}"), "the scheme ftp",
            "socks5"),
        Bad("a certificate without key", file(user: "{client-certificate-data: YQ==}"), "but no client-key"),
        Bad("a key without certificate", file(user: "{client-key-data: YQ==}"), "but no client-certificate"),
        Bad(
            "a certificate that is none", file(user: "{client-certificate-data: YQ==, client-key-data: YQ==}"),
            "the client certificate of user \"u\" is not a PEM certificate"),
        Bad(
            "token and password", file(user: "{token: canary, username: a, password: canary}"),
            "both a token and a user name"),
        Bad("a token with a line end", file(user: "{token: \"canary\\nX-Evil: 1\"}"), "holds a line end"),
        Bad(
            "an old provider", file(user: "{auth-provider: {name: gcp}}"), "the auth-provider \"gcp\"",
            "gke-gcloud-auth-plugin"),
        Bad(
            "an old plugin", file(user: "{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}"),
            "client.authentication.k8s.io/v1alpha1\", which is not supported"),
        Bad(
            "a plugin without its mode",
            file(user: "{exec: {apiVersion: client.authentication.k8s.io/v1, command: x}}"),
            "has no interactiveMode"),
        Bad(
            "a wrong type", file(cluster: "{server: https://h, insecure-skip-tls-verify: maybe}"),
            "insecure-skip-tls-verify has to be true or false"),
    ]

    @Test(arguments: bad) func `what is wrong is said with its place, and no secret`(bad: Bad) throws {
        let fixture = try KubeconfigFixture()
        try fixture.write("config", bad.text)
        let problem = fixture.problem()
        for text in bad.expected { #expect(problem.contains(text), "\(problem)") }
        #expect(!problem.contains("canary"))
    }

    @Test func `the files of KUBECONFIG are merged, the first one winning, missing ones skipped`() throws {
        var fixture = try KubeconfigFixture()
        try fixture.writeSimple("a", cluster: "{server: https://first}", user: "{token: one}")
        try fixture.write(
            "b",
            """
            current-context: other
            clusters: [{name: k, cluster: {server: https://second}}, {name: l, cluster: {server: https://third}}]
            contexts: [{name: d, context: {cluster: l, user: u, namespace: n}}]
            """)
        let folder = fixture.folder
        fixture.environment["KUBECONFIG"] = "\(folder)/missing::\(folder)/a:\(folder)/b:\(folder)/a"
        let first = try fixture.resolve(nil)
        #expect(
            first.endpoint.url.description == "https://first:443" && first.context == "c"
                && first.namespace == "default")
        let second = try fixture.resolve(nil, context: "d")
        #expect(second.endpoint.url.host == "third" && second.namespace == "n" && second.user == "u")
        #expect(second.files == ["\(folder)/a", "\(folder)/b"])
        fixture.environment["KUBECONFIG"] = "\(folder)/missing"
        #expect(fixture.problem(nil).contains("no cluster is configured"))
        #expect(fixture.problem(nil).contains("--sandbox"))
        #expect(fixture.problem("missing").contains("there is no kubeconfig"))
    }

    @Test func `unknown keys and files that others can read are warned of`() throws {
        let fixture = try KubeconfigFixture()
        try fixture.writeSimple(cluster: "{server: https://h, tls-servername: x}")
        let warnings = try fixture.resolve().warnings.map { $0.rendered() }
        #expect(warnings.count == 1)
        #expect(warnings[0].contains("clusters[k].cluster has the unknown key tls-servername"))
        #expect(warnings[0].contains("did you mean tls-server-name?"))
        let open = try fixture.write("open", "")
        #expect(FileBytes.permissions(of: open) == 0o600)
    }

    @Test func `paths are seen from the file that has them`() async throws {
        let fixture = try KubeconfigFixture()
        try fixture.write("sub/token.txt", "  from-file\r\n")
        try fixture.writeSimple("sub/config", user: "{tokenFile: token.txt}")
        let connection = try fixture.resolve("sub/config")
        let transport = ScriptedTransport { _, _ in .json(#"{"gitVersion":"v1"}"#) }
        _ = try await transport.client(authenticator: connection.authenticator).version()
        #expect(transport.requests[0].headers["Authorization"] == "Bearer from-file")
    }

    @Test func `a token in a file is read again after 401, and the request made once more`() async throws {
        let fixture = try KubeconfigFixture()
        try fixture.write("token", "old")
        try fixture.writeSimple(user: "{tokenFile: token}")
        let connection = try fixture.resolve()
        let transport = ScriptedTransport { request, _ in
            if request.headers["Authorization"] == "Bearer new" { return .json(#"{"gitVersion":"v1"}"#) }
            try fixture.write("token", "new")
            return .failure(401, "Unauthorized", "Unauthorized")
        }
        _ = try await transport.client(authenticator: connection.authenticator).version()
        #expect(transport.requests.map { $0.headers["Authorization"] } == ["Bearer old", "Bearer new"])
        let stubborn = ScriptedTransport { _, _ in .failure(401, "Unauthorized", "Unauthorized") }
        await #expect(throws: APIError.self) {
            try await stubborn.client(authenticator: connection.authenticator).version()
        }
        #expect(stubborn.requests.count == 1)
    }

    @Test func `a token that says itself that it is over is not sent`() async throws {
        let fixture = try KubeconfigFixture()
        func token(_ expiry: Int64) -> String {
            let claims = Base64.encodeURLSafe("{\"exp\":\(expiry)}".utf8)
            return "e30.\(claims).canary"
        }
        let transport = ScriptedTransport { _, _ in .json(#"{"gitVersion":"v1"}"#) }
        let clock = TestClock()
        try fixture.writeSimple(user: "{token: \(token(TestClock.start.seconds - 3 * 3600))}")
        let expired = try fixture.resolve(clock: clock)
        await #expect {
            try await transport.client(clock: clock, authenticator: expired.authenticator).version()
        } throws: { error in
            let text = (error as? CredentialError)?.diagnostic.message ?? ""
            return text == "the token of user u expired 3 h ago"
        }
        #expect(transport.requests.isEmpty)
        try fixture.writeSimple(user: "{token: \(token(TestClock.start.seconds + 60))}")
        let good = try fixture.resolve(clock: clock)
        #expect(good.authenticator.expiry == TestClock.start + .seconds(60))
        _ = try await transport.client(clock: clock, authenticator: good.authenticator).version()
        #expect(transport.requests.count == 1)
    }

    @Test func `client certificates are checked before anything is sent`() throws {
        let fixture = try KubeconfigFixture()
        let authority = try CertifiedKey.authority(commonName: "ca", days: 1)
        func user(_ certificate: CertifiedKey, key: CertifiedKey? = nil) throws -> String {
            let pem = Base64.encode(try certificate.certificate.pem().utf8)
            let keyPEM = Base64.encode(try (key ?? certificate).key.pem().utf8)
            return "{client-certificate-data: \(pem), client-key-data: \(keyPEM)}"
        }
        let now = Int(TestClock.start.seconds)
        let good = try authority.issue(CertificateRequest(commonName: "ann", days: 10, now: now))
        let old = try authority.issue(CertificateRequest(commonName: "ann", days: 1, now: now - 4 * 86_400))
        try fixture.writeSimple(user: try user(good))
        #expect(fixture.problem() == "no problem: c")
        try fixture.writeSimple(user: try user(old))
        #expect(fixture.problem().contains("the client certificate of user \"u\" expired 3 days ago"))
        try fixture.writeSimple(user: try user(good, key: old))
        #expect(fixture.problem().contains("the client key of user \"u\" does not belong to its certificate"))
        let encrypted = Base64.encode(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nYQ==\n-----END ENCRYPTED PRIVATE KEY-----\n".utf8)
        let pem = Base64.encode(try good.certificate.pem().utf8)
        try fixture.writeSimple(user: "{client-certificate-data: \(pem), client-key-data: \(encrypted)}")
        #expect(fixture.problem().contains("encrypted with a passphrase"))
    }

    @Test func `whom to act as is said in headers`() async throws {
        let fixture = try KubeconfigFixture()
        try fixture.writeSimple(
            user: "{token: t, as: bob, as-uid: '7', as-groups: [g1, g2], as-user-extra: {Scopes/x: [a]}}")
        let transport = ScriptedTransport { _, _ in .json(#"{"gitVersion":"v1"}"#) }
        _ = try await transport.client(authenticator: try fixture.resolve().authenticator).version()
        let headers = transport.requests[0].headers
        #expect(headers["Impersonate-User"] == "bob" && headers["Impersonate-Uid"] == "7")
        #expect(headers.all("Impersonate-Group") == ["g1", "g2"])
        #expect(headers["Impersonate-Extra-scopes%2Fx"] == "a")
    }

    @Test func `a token is not sent without TLS`() async throws {
        let fixture = try KubeconfigFixture()
        try fixture.writeSimple(cluster: "{server: 'http://k.example'}")
        let connection = try fixture.resolve()
        #expect(connection.warnings.contains { $0.message.contains("is not sent") })
        let transport = ScriptedTransport { _, _ in .json(#"{"gitVersion":"v1"}"#) }
        _ = try await transport.client(authenticator: connection.authenticator).version()
        #expect(transport.requests[0].headers["Authorization"] == nil)
    }

    @Test(arguments: [
        ("https://h.example", "HTTPS_PROXY=http://p:1", "http://p:1 HTTPS_PROXY"),
        ("https://h.example", "https_proxy=p:1", "http://p:1 https_proxy"),
        ("https://h.example", "HTTP_PROXY=http://p:1", "none"),
        ("http://h.example", "HTTP_PROXY=http://p:1", "http://p:1 HTTP_PROXY"),
        ("https://h.example", "ALL_PROXY=http://p:1", "none"),
        ("https://h.example", "HTTPS_PROXY=socks5://p:1", "socks5h://p:1 HTTPS_PROXY"),
        ("https://localhost:6443", "HTTPS_PROXY=http://p:1", "none"),
        ("https://127.0.0.1:6443", "HTTPS_PROXY=http://p:1", "none"),
        ("https://[::1]:6443", "HTTPS_PROXY=http://p:1", "none"),
        ("https://h.example", "HTTPS_PROXY=http://p:1 NO_PROXY=x,.example", "none"),
        ("https://h.example", "HTTPS_PROXY=http://p:1 NO_PROXY=example", "none"),
        ("https://h.example", "HTTPS_PROXY=http://p:1 NO_PROXY=ample", "http://p:1 HTTPS_PROXY"),
        ("https://h.example", "HTTPS_PROXY=http://p:1 NO_PROXY=h.example:6443", "http://p:1 HTTPS_PROXY"),
        ("https://10.1.2.3", "HTTPS_PROXY=http://p:1 NO_PROXY=10.0.0.0/8", "none"),
        ("https://11.1.2.3", "HTTPS_PROXY=http://p:1 NO_PROXY=10.0.0.0/8", "http://p:1 HTTPS_PROXY"),
        ("https://h.example", "HTTPS_PROXY=http://p:1 NO_PROXY=*", "none"),
    ])
    func `the environment's proxy is used as Go programs do`(server: String, variables: String, expected: String) throws
    {
        var fixture = try KubeconfigFixture()
        for variable in variables.split(separator: " ") {
            let parts = variable.split(separator: "=", maxSplits: 1).map(String.init)
            fixture.environment[parts[0]] = parts[1]
        }
        try fixture.writeSimple(cluster: "{server: '\(server)'}")
        let proxy = try fixture.resolve().endpoint.proxy
        #expect((proxy.map { "\($0.url) \($0.source)" } ?? "none") == expected)
        try fixture.writeSimple(cluster: "{server: '\(server)', proxy-url: 'http://own:3'}")
        #expect(try fixture.resolve().endpoint.proxy?.source == "proxy-url of cluster \"k\"")
    }

    @Test(arguments: [
        ("https://h", "https://h:443"), ("https://h:6443/k8s/clusters/c-1/", "https://h:6443/k8s/clusters/c-1"),
        ("h:8080", "http://h:8080"), ("https://[fd00::1]:6443", "https://[fd00::1]:6443"),
        ("HTTPS://H", "https://H:443"),
    ])
    func `servers are read as people write them`(text: String, expected: String) throws {
        #expect(try ServerURL(text).description == expected)
    }

    @Test(arguments: [
        "https://", "https://h:0", "https://h:x", "https://a b", "https://h:1:2", "https://[::1", "https://h#f",
    ])
    func `servers that make no sense are refused`(text: String) {
        #expect(throws: ServerURL.Problem.self) { try ServerURL(text) }
    }
}
