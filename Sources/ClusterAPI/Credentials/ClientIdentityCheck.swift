// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Diagnostics
import Processes

/// Finds what is wrong with a client certificate before the server does, which would not say it so clearly.
struct ClientIdentityCheck {
    let user: String
    let now: Timestamp

    func check(
        _ identity: ClientIdentity, certificateAt: SourceLocation?, keyAt: SourceLocation?
    ) throws(KubeconfigError) {
        let certificate: Certificate
        do {
            certificate = try Certificate(pem: String(decoding: identity.certificate, as: UTF8.self))
        } catch {
            throw KubeconfigError(
                "the client certificate of user \"\(user)\" is not a PEM certificate", at: certificateAt)
        }
        let keyText = String(decoding: identity.key, as: UTF8.self)
        let key: PrivateKey
        do {
            key = try PrivateKey(pem: keyText)
        } catch {
            if keyText.contains("ENCRYPTED") {
                throw KubeconfigError(
                    "the client key of user \"\(user)\" is encrypted with a passphrase", at: keyAt,
                    hint: "store it without one: openssl pkey -in KEY -out KEY.plain")
            }
            throw KubeconfigError("the client key of user \"\(user)\" is not a PEM private key", at: keyAt)
        }
        guard key.matches(certificate) else {
            throw KubeconfigError("the client key of user \"\(user)\" does not belong to its certificate", at: keyAt)
        }
        let end = Timestamp(seconds: Int64(certificate.notAfter))
        guard now <= end else {
            throw KubeconfigError(
                "the client certificate of user \"\(user)\" expired \(Age.text(of: now - end)) ago", at: certificateAt,
                hint: "renew it, or log in to the cluster again")
        }
    }
}
