// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A private key with its public half.
public final class PrivateKey: Sendable {
    /// What kind of key to make.
    public enum Kind: Sendable, Equatable {
        /// RSA with a modulus of so many bits; 4096 takes seconds.
        case rsa(bits: Int)
        /// The elliptic curve P-256: quick to make, small, understood everywhere.
        case p256
        /// Ed25519.
        case ed25519
    }

    /// The form of a key's PEM text.
    public enum Encoding: Sendable {
        /// PKCS#8: `BEGIN PRIVATE KEY`.
        case pkcs8
        /// The older form of its kind: `BEGIN RSA PRIVATE KEY` (PKCS#1) or `BEGIN EC PRIVATE KEY`; PKCS#8 for Ed25519.
        case traditional
    }

    // Never changed after init, and OpenSSL's reference counts and read accesses of an EVP_PKEY are thread-safe.
    nonisolated(unsafe) let handle: OpaquePointer

    private init(owning handle: OpaquePointer) { self.handle = handle }

    deinit { EVP_PKEY_free(handle) }

    /// Makes a new key.
    /// - Throws: `CryptoError` for a size OpenSSL refuses.
    public static func make(_ kind: Kind) throws(CryptoError) -> PrivateKey {
        let name =
            switch kind {
            case .rsa: "RSA"
            case .p256: "EC"
            case .ed25519: "ED25519"
            }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else { throw .openSSL("cannot make a key") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1 else { throw .openSSL("cannot make a key") }
        switch kind {
        case .rsa(let bits):
            guard (1024...16384).contains(bits), EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)) == 1 else {
                throw .openSSL("cannot make an RSA key of \(bits) bits")
            }
        case .p256:
            guard EVP_PKEY_CTX_set_group_name(context, "P-256") == 1 else { throw .openSSL("cannot make a P-256 key") }
        case .ed25519: break
        }
        var handle: OpaquePointer?
        guard EVP_PKEY_generate(context, &handle) == 1, let handle else { throw .openSSL("cannot make a key") }
        return PrivateKey(owning: handle)
    }

    /// Reads the first private key of a PEM text, in any unencrypted form.
    /// - Throws: `CryptoError` when there is none, it is damaged, or it asks for a passphrase.
    public convenience init(pem: String) throws(CryptoError) {
        let input = try MemoryBIO(Array(pem.utf8))
        // A callback that has no passphrase: without it OpenSSL would ask on the terminal.
        guard let handle = PEM_read_bio_PrivateKey(input.handle, nil, { _, _, _, _ in 0 }, nil) else {
            let error = CryptoError.openSSL("cannot read the private key")
            throw pem.contains("ENCRYPTED") ? CryptoError("the private key is encrypted with a passphrase") : error
        }
        self.init(owning: handle)
    }

    /// The key as PEM text: a secret.
    public func pem(_ encoding: Encoding = .pkcs8) throws(CryptoError) -> String {
        let output = try MemoryBIO()
        let traditional = encoding == .traditional && EVP_PKEY_get_base_id(handle) != EVP_PKEY_ED25519
        let done =
            traditional
            ? PEM_write_bio_PrivateKey_traditional(output.handle, handle, nil, nil, 0, nil, nil)
            : PEM_write_bio_PKCS8PrivateKey(output.handle, handle, nil, nil, 0, nil, nil)
        guard done == 1 else { throw .openSSL("cannot write the private key") }
        return output.text()
    }

    /// Whether a certificate is about this key.
    public func matches(_ certificate: Certificate) -> Bool { X509_check_private_key(certificate.handle, handle) == 1 }

    /// The algorithm that signs with this key: Ed25519 brings its own.
    var signatureDigest: OpaquePointer? {
        EVP_PKEY_get_base_id(handle) == EVP_PKEY_ED25519 ? nil : EVP_sha256()
    }
}
