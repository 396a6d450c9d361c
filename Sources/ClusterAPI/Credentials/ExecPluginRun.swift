// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Processes
import Values

/// One run of a credential plugin.
struct ExecPluginRun {
    private let configuration: ExecPlugin.Configuration

    /// How long the program may take: it may have to wait for a person.
    private static let timeout = Duration.seconds(120)

    init(_ configuration: ExecPlugin.Configuration) {
        self.configuration = configuration
    }

    func result() async throws -> (credentials: Credentials, expiry: Timestamp?) {
        let isInteractive = configuration.interactiveMode != .never && TerminalDevice.input.isTerminal
        if configuration.interactiveMode == .always, !isInteractive {
            throw failure("needs a terminal to ask for credentials, and standard input is none")
        }
        var command = Command(
            configuration.command, configuration.arguments, environment: configuration.environment)
        command.environment["KUBERNETES_EXEC_INFO"] = information(isInteractive).jsonString()
        command.input = isInteractive ? .inherit : .null
        let captured: CapturedOutput
        do {
            captured = try await command.capture(timeout: Self.timeout)
        } catch let error as SpawnError {
            if case .notFound = error { throw failure("was not found", hint: installHint) }
            throw failure("failed: \(error)")
        }
        guard captured.status.isSuccess else { throw failure("failed with \(captured.status)") }
        return try read(captured.output)
    }

    /// What the program is told, as an `ExecCredential`.
    private func information(_ isInteractive: Bool) -> Value {
        var spec: Mapping = ["interactive": .bool(isInteractive)]
        if let cluster = configuration.cluster { spec["cluster"] = cluster }
        return [
            "apiVersion": .string(configuration.version.rawValue), "kind": "ExecCredential", "spec": .mapping(spec),
        ]
    }

    private func read(_ output: [UInt8]) throws -> (credentials: Credentials, expiry: Timestamp?) {
        // What it printed may hold a secret: it is never quoted.
        guard let document = try? Value(json: output), document["kind"]?.string == "ExecCredential" else {
            throw failure(output.isEmpty ? "printed nothing" : "printed something other than an ExecCredential")
        }
        let version = document["apiVersion"]?.string ?? ""
        guard version == configuration.version.rawValue else {
            throw failure("answered in the version \"\(version)\" instead of \(configuration.version.rawValue)")
        }
        let status = document["status"]
        let token = status?["token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        var identity: ClientIdentity?
        if let certificate = status?["clientCertificateData"]?.string, !certificate.isEmpty {
            guard let key = status?["clientKeyData"]?.string, !key.isEmpty else {
                throw failure("gave a client certificate without its key")
            }
            identity = ClientIdentity(certificate: Array(certificate.utf8), key: Array(key.utf8))
        }
        guard token != nil || identity != nil else { throw failure("gave neither a token nor a client certificate") }
        guard token.map(BearerToken.isPlausible) ?? true else { throw failure("gave a token with a line end in it") }
        let expiry = status?["expirationTimestamp"]?.string.flatMap(Timestamp.init(rfc3339:))
        return (Credentials(authorization: token.map { "Bearer \($0)" }, identity: identity), expiry)
    }

    private func failure(_ what: String, hint: String? = nil) -> CredentialError {
        CredentialError(
            .plugin, "the credential plugin \(configuration.command) of user \(configuration.user) \(what)", hint: hint)
    }

    /// The author's advice, without what could drive the terminal.
    private var installHint: String? {
        configuration.installHint.map { text in
            String(
                text.unicodeScalars.map { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) ? " " : Character($0) })
        }
    }
}
