// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What proves to the server who is asking.
public struct Credentials: Sendable, Hashable {
    /// The `Authorization` header; nil when a certificate alone does it.
    public var authorization: String?
    /// The client certificate and key.
    public var identity: ClientIdentity?

    /// No credentials.
    public static let anonymous = Credentials()

    /// Makes credentials of what is there.
    public init(authorization: String? = nil, identity: ClientIdentity? = nil) {
        self.authorization = authorization
        self.identity = identity
    }
}
