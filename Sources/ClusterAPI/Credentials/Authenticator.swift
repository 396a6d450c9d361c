// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// Gives requests their credentials and renews them when the server no longer takes them.
public final class Authenticator: Sendable {
    private let source: CredentialSource
    /// `Impersonate-*` headers.
    let impersonation: HTTPFields

    /// Makes an authenticator of fixed credentials.
    public convenience init(_ credentials: Credentials) {
        self.init(.fixed(credentials))
    }

    init(_ source: CredentialSource, impersonation: HTTPFields = HTTPFields()) {
        self.source = source
        self.impersonation = impersonation
    }

    /// Whether a program asks a person at a terminal for the credentials: a detached worker cannot.
    public var needsTerminal: Bool {
        if case .exec(let plugin) = source { plugin.needsTerminal } else { false }
    }

    /// When the credentials end, as far as they say; nil when they do not, or when they renew themselves.
    public var expiry: Timestamp? {
        if case .token(let token, _) = source { token.expiry } else { nil }
    }

    /// The credentials to use now.
    ///
    /// - Throws: `CredentialError` when there are none, or when they say themselves that their time is over.
    func credentials(now: Timestamp) async throws -> Credentials {
        switch source {
        case .fixed(let credentials): credentials
        case .token(let token, let identity): try token.credentials(now: now, identity)
        case .tokenFile(let file): try file.credentials()
        case .exec(let plugin): try await plugin.credentials()
        }
    }

    /// Gets new credentials after a 401 for `rejected`; false when there are no others.
    func renew(instead rejected: Credentials?) async throws -> Bool {
        switch source {
        case .fixed, .token: false
        case .tokenFile(let file): try file.renew()
        case .exec(let plugin): try await plugin.renew(instead: rejected)
        }
    }
}

/// Where credentials come from.
enum CredentialSource: Sendable {
    /// They never change.
    case fixed(Credentials)
    /// A token that may end, with the certificate to show besides it.
    case token(BearerToken, ClientIdentity?)
    /// A token in a file that something else keeps fresh.
    case tokenFile(TokenFile)
    /// A program.
    case exec(ExecPlugin)
}
