// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Debian's tinyproxy: a forward proxy with a login that allows CONNECT to certain ports alone.
struct Tinyproxy {
    let port: UInt16
    let program: TestProgram

    /// Starts it on a free port.
    static func start(in folder: Folder, login: (String, String)?, allowing ports: [UInt16]) async throws -> Tinyproxy {
        try await onFreePort { port in
            var lines = ["Port \(port)", "Listen 127.0.0.1", "Timeout 600", "MaxClients 100", "LogLevel Connect"]
            if let login { lines.append("BasicAuth \(login.0) \(login.1)") }
            lines += ports.map { "ConnectPort \($0)" }
            let file = try folder.write("tinyproxy-\(port).conf", lines.joined(separator: "\n") + "\n")
            return try TestProgram(try TestProgram.find("tinyproxy"), ["-d", "-c", file], in: folder)
        }.map(Tinyproxy.init)
    }
}

/// Debian's nghttpx as a forward proxy over TLS in front of another one.
struct SecureProxy {
    let port: UInt16
    let program: TestProgram

    /// Starts it on a free port.
    static func start(
        in folder: Folder, certificate: String, key: String, before other: UInt16
    ) async throws -> SecureProxy {
        try await onFreePort { port in
            let arguments = [
                "--http2-proxy", "--no-ocsp", "--workers=1", "--conf=/dev/null", "--frontend=127.0.0.1,\(port)",
                "--backend=127.0.0.1,\(other)", key, certificate,
            ]
            return try TestProgram(try TestProgram.find("nghttpx"), arguments, in: folder)
        }.map(SecureProxy.init)
    }
}

private struct Started {
    let port: UInt16
    let program: TestProgram
    func map<Result>(_ make: (UInt16, TestProgram) -> Result) -> Result { make(port, program) }
}

/// Starts a server that cannot choose its port; another one may be faster to take it.
private func onFreePort(_ start: (UInt16) throws -> TestProgram) async throws -> Started {
    var output = ""
    for _ in 0..<5 {
        let port = try TestServer.freePort()
        let program = try start(port)
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(5)
        while clock.now < deadline {
            if let peer = try? Peer.connect(to: port) {
                peer.close()
                return Started(port: port, program: program)
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        output = program.output
        await program.stop()
    }
    throw TestFailure("the proxy does not start: \(output)")
}
