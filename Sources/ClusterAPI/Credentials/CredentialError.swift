// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Credentials cannot be had.
public struct CredentialError: ClusterFailure, Hashable {
    /// What went wrong, to branch on.
    public enum Kind: Sendable, Hashable {
        /// The time of the credentials is over.
        case expired
        /// The token file cannot be read.
        case tokenFile
        /// The plugin is missing, failed or printed what is no credential.
        case plugin
    }

    /// What went wrong.
    public var kind: Kind
    /// What happened, for people; holds no secret.
    public var message: String
    /// What to do next.
    public var hint: String?

    init(_ kind: Kind, _ message: String, hint: String? = "log in to the cluster again or renew the credentials") {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    /// What happened and what to do next.
    public var diagnostic: Diagnostic { Diagnostic(message, hint: hint) }
}
