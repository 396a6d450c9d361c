// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Diagnostics
import Processes
import Testing

@Suite struct `Credential plugins` {
    /// A connection whose user runs a shell script.
    private func connection(
        _ fixture: KubeconfigFixture, _ script: String, version: String = "v1", more: String = "",
        clock: TestClock = TestClock()
    ) throws -> ClusterConnection {
        try fixture.write("plugin.sh", script)
        try fixture.writeSimple(
            cluster: """
                {server: 'https://k.example:6443', extensions: [{name: client.authentication.k8s.io/exec, extension: {a: 1}}]}
                """,
            user: """
                {exec: {apiVersion: client.authentication.k8s.io/\(version), command: sh, args: [\(fixture.folder)/plugin.sh],
                   env: [{name: WHO, value: me}], interactiveMode: Never\(more)}}
                """)
        return try fixture.resolve(clock: clock)
    }

    private func credential(_ status: String, version: String = "v1") -> String {
        "echo '{\"apiVersion\":\"client.authentication.k8s.io/\(version)\",\"kind\":\"ExecCredential\",\"status\":\(status)}'\n"
    }

    private let transport = ScriptedTransport { _, _ in .json(#"{"gitVersion":"v1"}"#) }

    @Test(arguments: ["v1", "v1beta1"]) func `a plugin's token is used until it ends`(version: String) async throws {
        var fixture = try KubeconfigFixture()
        fixture.environment["PATH"] = "/usr/bin:/bin"
        let clock = TestClock()
        let end = (TestClock.start + .seconds(100)).rfc3339
        let connection = try connection(
            fixture,
            "echo run $WHO >> \(fixture.folder)/runs\nprintf %s \"$KUBERNETES_EXEC_INFO\" > \(fixture.folder)/info\n"
                + credential("{\"token\":\"tok\",\"expirationTimestamp\":\"\(end)\"}", version: version),
            version: version, more: ", provideClusterInfo: true", clock: clock)
        let client = transport.client(clock: clock, authenticator: connection.authenticator)
        for _ in 0..<3 { _ = try await client.version() }
        #expect(transport.requests.allSatisfy { $0.headers["Authorization"] == "Bearer tok" })
        func runs() throws -> String { String(decoding: try FileBytes.read("\(fixture.folder)/runs"), as: UTF8.self) }
        #expect(try runs() == "run me\n")
        let info = String(decoding: try FileBytes.read("\(fixture.folder)/info"), as: UTF8.self)
        #expect(
            info.contains(#""server":"https://k.example:6443""#) && info.contains(#""interactive":false"#)
                && info.contains(#""config":{"a":1}"#))
        clock.advance(.seconds(101))
        _ = try await client.version()
        #expect(try runs() == "run me\nrun me\n")
    }

    @Test func `requests that start together run the plugin once, and 401 runs it once more`() async throws {
        var fixture = try KubeconfigFixture()
        fixture.environment["PATH"] = "/usr/bin:/bin"
        let connection = try connection(
            fixture,
            "echo x >> \(fixture.folder)/runs\nn=$(wc -l < \(fixture.folder)/runs)\n"
                + credential("{\"token\":\"tok'$n'\"}"))
        let transport = ScriptedTransport { request, _ in
            request.headers["Authorization"] == "Bearer tok2"
                ? .json(#"{"gitVersion":"v1"}"#) : .failure(401, "Unauthorized", "no")
        }
        let client = transport.client(authenticator: connection.authenticator)
        try await withThrowingTaskGroup { group in
            for _ in 0..<10 { group.addTask { _ = try await client.version() } }
            try await group.waitForAll()
        }
        #expect(String(decoding: try FileBytes.read("\(fixture.folder)/runs"), as: UTF8.self) == "x\nx\n")
    }

    @Test(arguments: [
        ("exit 3", "failed with exit code 3"), ("true", "printed nothing"), ("echo canary", "something other than"),
        (#"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"}'"#, "in the version"),
        (
            #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}}'"#,
            "neither a token"
        ),
        (
            #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientCertificateData":"canary"}}'"#,
            "without its key"
        ),
        ("yes canary", "printed more than 1048576 bytes"),
    ])
    func `a plugin that fails is named, and what it printed is not shown`(script: String, text: String) async throws {
        var fixture = try KubeconfigFixture()
        fixture.environment["PATH"] = "/usr/bin:/bin"
        let connection = try connection(fixture, script + "\n")
        await #expect {
            try await transport.client(authenticator: connection.authenticator).version()
        } throws: { error in
            let text2 = (error as? CredentialError)?.diagnostic.message ?? "\(error)"
            return text2.contains("the credential plugin sh of user u") && text2.contains(text)
                && !text2.contains("canary")
        }
    }

    @Test func `a plugin that is not there comes with its author's advice`() async throws {
        let fixture = try KubeconfigFixture()
        try fixture.writeSimple(
            user: """
                {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: no-such-plugin, installHint: "get it\\e[31m here"}}
                """)
        let connection = try fixture.resolve()
        await #expect {
            try await transport.client(authenticator: connection.authenticator).version()
        } throws: { error in
            let diagnostic = (error as? CredentialError)?.diagnostic
            return diagnostic?.message.contains("was not found") == true && diagnostic?.hint == "get it [31m here"
        }
    }
}
