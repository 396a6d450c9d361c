// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A private key with the certificate that tells whose it is.
public struct CertifiedKey: Sendable {
    /// The certificate.
    public let certificate: Certificate
    /// The private key of the certificate.
    public let key: PrivateKey

    init(certificate: Certificate, key: PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// Reads a certificate and its key.
    /// - Throws: `CryptoError` when one cannot be read or they do not belong together.
    public init(certificatePEM: String, keyPEM: String) throws(CryptoError) {
        certificate = try Certificate(pem: certificatePEM)
        key = try PrivateKey(pem: keyPEM)
        guard key.matches(certificate) else { throw CryptoError("the private key does not belong to the certificate") }
    }

    /// A new self-signed certificate authority.
    /// - Throws: `CryptoError` for a name a certificate cannot hold.
    public static func authority(commonName: String, days: Int, keyKind: PrivateKey.Kind = .p256)
        throws(CryptoError) -> CertifiedKey
    {
        var request = CertificateRequest(commonName: commonName, days: days)
        request.isAuthority = true
        return try request.selfSigned(with: try PrivateKey.make(keyKind))
    }

    /// A new key with a certificate signed by this authority.
    /// - Throws: `CryptoError` naming what OpenSSL refuses.
    public func issue(_ request: CertificateRequest, keyKind: PrivateKey.Kind = .p256) throws(CryptoError)
        -> CertifiedKey
    { try request.signed(by: self, for: try PrivateKey.make(keyKind)) }
}
