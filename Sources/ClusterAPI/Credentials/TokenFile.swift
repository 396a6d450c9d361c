// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Synchronization

/// A token in a file that something else keeps fresh.
final class TokenFile: Sendable {
    /// How long a token is used before the file is read again.
    private static let freshness = Duration.seconds(50)

    private let path: String
    private let fallback: String?
    private let user: String
    private let time: TimeSource
    private let cached = Mutex<(token: BearerToken, readAt: Duration)?>(nil)

    /// Reads tokens from a path; `fallback` is the token to use while the file cannot be read.
    init(path: String, fallback: String?, user: String, time: TimeSource) {
        self.path = path
        self.fallback = fallback
        self.user = user
        self.time = time
    }

    func credentials() throws(CredentialError) -> Credentials {
        let now = time.continuous()
        if let (token, readAt) = cached.withLock({ $0 }), now - readAt < Self.freshness {
            return try token.credentials(now: time.wall())
        }
        let token = try read()
        cached.withLock { $0 = (token, now) }
        return try token.credentials(now: time.wall())
    }

    /// Forgets the token; whether the file now holds another one.
    func renew() throws(CredentialError) -> Bool {
        let old = cached.withLock { cached in
            defer { cached = nil }
            return cached?.token
        }
        return try read() != old
    }

    private func read() throws(CredentialError) -> BearerToken {
        let text: String
        do {
            let bytes = try FileBytes.read(path, limit: 1 << 20)
            let trimmed = bytes.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
            text = String(decoding: Array(trimmed), as: UTF8.self)
        } catch {
            guard let fallback else {
                throw CredentialError(
                    .tokenFile, "the token file \(user), \(path), cannot be read: \(error.reason)", hint: nil)
            }
            text = fallback
        }
        guard !text.isEmpty, BearerToken.isPlausible(text) else {
            throw CredentialError(.tokenFile, "the token file \(user), \(path), does not hold one token", hint: nil)
        }
        return BearerToken(text: text, user: user)
    }
}
