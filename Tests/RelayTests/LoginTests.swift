// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Relay
import Testing
import Values

/// The proxy's login comes from files, is read for each connection, and is never told.
@Suite(.timeLimit(.minutes(1)))
struct LoginTests {
    private let target = HostPort(host: "fl.coord.example", port: 443)

    @Test(arguments: [true, false])
    func `a login opens the proxy, whether it hangs up on strangers or not`(hangsUp: Bool) async throws {
        let server = try TestServer.echo()
        let folder = try Folder()
        try folder.writeLogin("svc-fl", "s3cret pässword\n")
        let proxy = try TestProxy(.login("svc-fl:s3cret pässword", to: server.port, hangsUp: hangsUp))
        try await TestRelay(to: [target]) { $0.useProxy(proxy.port, login: folder.path) }.run { relay in
            let answer = try await relay.echo("hello")
            #expect(answer == "hello")
        }
    }

    @Test func `a new login counts from the next connection on`() async throws {
        let server = try TestServer.echo()
        let folder = try Folder()
        try folder.writeLogin("svc", "old")
        let proxy = try TestProxy(.login("svc:new", to: server.port, hangsUp: true))
        try await TestRelay(to: [target]) { $0.useProxy(proxy.port, login: folder.path) }.run { relay in
            let failed = try await relay.failedConnection()
            #expect(failed["reason"]?.string == "proxy_login")
            #expect(failed["error"]?.string?.hasSuffix("it does not accept the login (Basic)") == true)
            try folder.writeLogin("svc", "new")
            #expect(try await relay.echo("hello") == "hello")
        }
    }

    @Test func `a login that goes missing fails connections until it is back`() async throws {
        let server = try TestServer.echo()
        let folder = try Folder()
        try folder.writeLogin("svc", "secret")
        let proxy = try TestProxy(.login("svc:secret", to: server.port, hangsUp: true))
        try await TestRelay(to: [target]) { $0.useProxy(proxy.port, login: folder.path) }.run { relay in
            try folder.remove("password")
            let failed = try await relay.failedConnection()
            #expect(failed["reason"]?.string == "credentials")
            #expect(failed["error"]?.string?.contains("\(folder.path)/password: no such file") == true)
            try folder.writeLogin("svc", "secret")
            #expect(try await relay.echo("hello") == "hello")
        }
    }

    @Test(
        arguments: [
            (nil, "x", "cannot read FOLDER/username: no such file or directory"),
            ("x", "\n", "FOLDER/password is empty"),
            ("a:b", "x", "FOLDER/username holds a colon"), ("x", "a\0b", "FOLDER/password holds a NUL byte"),
        ] as [(String?, String, String)])
    func `a relay does not start without a usable login`(username: String?, password: String, message: String) throws {
        let folder = try Folder()
        try folder.writeLogin("x", password)
        if let username { try folder.writeLogin(username, password) } else { try folder.remove("username") }
        let error = #expect(throws: RelayError.self) {
            _ = try TestRelay(to: [target]) { $0.loginFolder = folder.path }
        }
        let text = try #require(error?.message)
        #expect(text.contains(message.replacing("FOLDER", with: folder.path)))
        #expect(error?.hint?.contains("username and password") == true)
    }

    @Test func `neither user nor password is ever logged, whatever happens`() async throws {
        let server = try TestServer.echo()
        let folder = try Folder()
        let (user, password) = ("user-4711-name", "pass-0815-word")
        try folder.writeLogin(user, password)
        let proxy = try TestProxy(.login("\(user):\(password)", to: server.port, hangsUp: true))
        try await TestRelay(to: [target]) { configuration in
            configuration.useProxy(proxy.port, login: folder.path)
            configuration.connectTimeout = .milliseconds(500)
        }.run { relay in
            #expect(try await relay.echo("hello") == "hello")
            let behaviours: [TestProxy.Behaviour] = [
                .login("other:login", to: server.port, hangsUp: true), .answer("HTTP/1.1 403 No\r\n\r\n"), .silence,
                .answer(""),
            ]
            for behaviour in behaviours {
                proxy.change(to: behaviour)
                let client = try relay.connect()
                #expect(try await blocking { try client.endsWithReset() })
            }
            try await eventually("four failures") { try relay.events("connection failed").count == 4 }
            let encoded = Base64.encode("\(user):\(password)".utf8)
            for line in relay.log {
                for secret in [user, password, encoded] { #expect(!line.contains(secret)) }
            }
        }
    }
}
