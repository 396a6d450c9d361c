// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Processes
import Values

/// A token with what it says about itself.
struct BearerToken: Sendable, Hashable {
    let text: String
    /// Whose it is, as in `of user ann`.
    let user: String
    /// When it ends; nil when it does not say: tokens need not be readable.
    let expiry: Timestamp?

    init(text: String, user: String) {
        self.text = text
        self.user = user
        expiry = Self.expiry(of: text)
    }

    /// Whether a text can stand in a header.
    static func isPlausible(_ text: String) -> Bool { text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } }

    /// The credentials, unless the token says itself that its time is over.
    func credentials(now: Timestamp, _ identity: ClientIdentity? = nil) throws(CredentialError) -> Credentials {
        // Clocks differ a little: the server's word counts within half a minute.
        if let expiry, now - expiry > .seconds(30) {
            throw CredentialError(.expired, "the token \(user) expired \(Age.text(of: now - expiry)) ago")
        }
        return Credentials(authorization: "Bearer \(text)", identity: identity)
    }

    /// The `exp` of a JSON web token.
    private static func expiry(of text: String) -> Timestamp? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = try? Base64.decode(parts[1]), let claims = try? Value(json: bytes),
            let seconds = claims["exp"]?.int ?? claims["exp"]?.double.map(Int64.init(saturating:))
        else { return nil }
        return Timestamp(seconds: seconds)
    }
}

extension Int64 {
    fileprivate init(saturating number: Double) {
        self = Int64(exactly: number.rounded(.down)) ?? (number < 0 ? .min / 2 : .max / 2)
    }
}
