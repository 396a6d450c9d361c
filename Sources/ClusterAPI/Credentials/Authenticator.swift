// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

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

    /// The credentials to use now.
    func credentials() async throws -> Credentials {
        switch source {
        case .fixed(let credentials): credentials
        }
    }

    /// Gets new credentials after a 401; false when there is no way to.
    func renew() async throws -> Bool {
        switch source {
        case .fixed: false
        }
    }
}

/// Where credentials come from.
enum CredentialSource: Sendable {
    /// They never change.
    case fixed(Credentials)
}
