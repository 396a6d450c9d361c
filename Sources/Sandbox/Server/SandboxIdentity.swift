// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Who the server is and how clients prove themselves: made at the first start, kept in the state directory.
struct SandboxIdentity {
    let authority: CertifiedKey
    let server: CertifiedKey
    let token: String

    init(directory: SandboxDirectory?) throws {
        authority =
            try Self.kept(directory)
            ?? Self.made(CertifiedKey.authority(commonName: "iflearnerctl-sandbox", days: 3650), in: directory)
        var request = CertificateRequest(commonName: "iflearnerctl-sandbox", days: 365)
        request.dnsNames = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"]
        request.ipAddresses = ["127.0.0.1", "::1", "10.96.0.1"].compactMap { IPAddress($0) }
        server = try authority.issue(request)
        if let known = try directory?.read("token"), known.utf8.count >= 32 {
            token = known
        } else {
            token = SecureRandom.text(40)
            try directory?.write("token", token)
        }
    }

    private static func kept(_ directory: SandboxDirectory?) throws -> CertifiedKey? {
        guard let certificate = try directory?.read("ca.crt"), let key = try directory?.read("ca.key") else {
            return nil
        }
        return try CertifiedKey(certificatePEM: certificate, keyPEM: key)
    }

    private static func made(_ authority: CertifiedKey, in directory: SandboxDirectory?) throws -> CertifiedKey {
        try directory?.write("ca.key", try authority.key.pem())
        try directory?.write("ca.crt", try authority.certificate.pem())
        return authority
    }
}
