// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Glibc

/// What a new certificate shall say.
public struct CertificateRequest: Sendable {
    /// The subject's common name; at most 64 characters.
    public var commonName: String
    /// The subject's organizations, which Kubernetes reads as groups.
    public var organizations: [String] = []
    /// DNS names it shall be valid for, wildcards allowed.
    public var dnsNames: [String] = []
    /// IP addresses it shall be valid for.
    public var ipAddresses: [IPAddress] = []
    /// Whether it may sign other certificates.
    public var isAuthority = false
    /// The first second of its validity, since 1970; 5 minutes ago at first, because clocks differ.
    public var notBefore: Int
    /// The last second of its validity, since 1970.
    public var notAfter: Int

    /// A request with the defaults, valid for so many days from now (seconds since 1970; the system's clock when nil).
    public init(commonName: String, days: Int, now: Int? = nil) {
        let now = now ?? time(nil)
        self.commonName = commonName
        notBefore = now - 300
        notAfter = now + days * 86_400
    }

    /// Makes a certificate signed with its own key.
    /// - Throws: `CryptoError` naming what OpenSSL refuses.
    public func selfSigned(with key: PrivateKey) throws(CryptoError) -> CertifiedKey {
        CertifiedKey(certificate: try sign(subjectKey: key, issuer: nil, issuerKey: key), key: key)
    }

    /// Makes a certificate signed by an authority.
    /// - Throws: `CryptoError` naming what OpenSSL refuses.
    public func signed(by authority: CertifiedKey, for key: PrivateKey) throws(CryptoError) -> CertifiedKey {
        CertifiedKey(
            certificate: try sign(subjectKey: key, issuer: authority.certificate, issuerKey: authority.key), key: key)
    }

    private func sign(subjectKey: PrivateKey, issuer: Certificate?, issuerKey: PrivateKey) throws(CryptoError)
        -> Certificate
    {
        guard let handle = X509_new() else { throw .openSSL("cannot make a certificate") }
        let certificate = Certificate(owning: handle)
        guard X509_set_version(handle, 2) == 1, X509_set_pubkey(handle, subjectKey.handle) == 1,
            ASN1_TIME_set(X509_getm_notBefore(handle), notBefore) != nil,
            ASN1_TIME_set(X509_getm_notAfter(handle), notAfter) != nil
        else { throw .openSSL("cannot make a certificate") }
        try setSerialNumber(of: handle)
        try setSubject(of: handle)
        let issuerName = issuer.map { X509_get_subject_name($0.handle) } ?? X509_get_subject_name(handle)
        guard X509_set_issuer_name(handle, issuerName) == 1 else { throw .openSSL("cannot make a certificate") }
        try addExtensions(to: handle, issuer: issuer?.handle ?? handle)
        guard X509_sign(handle, issuerKey.handle, issuerKey.signatureDigest) > 0 else {
            throw .openSSL("cannot sign the certificate")
        }
        return certificate
    }

    private func setSerialNumber(of handle: OpaquePointer) throws(CryptoError) {
        var bytes = SecureRandom.bytes(16)
        bytes[0] = bytes[0] & 0x7f | 0x40  // positive, and never shorter than 16 bytes
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { throw .openSSL("out of memory") }
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(handle)) != nil else { throw .openSSL("out of memory") }
    }

    private func setSubject(of handle: OpaquePointer) throws(CryptoError) {
        let name = X509_get_subject_name(handle)
        let parts = organizations.map { (NID_organizationName, $0) } + [(NID_commonName, commonName)]
        for (kind, text) in parts where !text.isEmpty {
            let bytes = Array(text.utf8)
            let length = Int32(bytes.count)
            guard X509_NAME_add_entry_by_NID(name, kind, MBSTRING_UTF8, bytes, length, -1, 0) == 1 else {
                throw .openSSL("a certificate cannot have the name \"\(text)\"")
            }
        }
    }

    private func addExtensions(to handle: OpaquePointer, issuer: OpaquePointer) throws(CryptoError) {
        var usage = "critical,digitalSignature,keyEncipherment"
        if isAuthority { usage += ",keyCertSign" }
        var extensions: [(Int32, String)] = [
            (NID_key_usage, usage),
            (NID_ext_key_usage, "serverAuth,clientAuth"),
            (NID_basic_constraints, isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE"),
            (NID_subject_key_identifier, "hash"),
        ]
        if issuer != handle { extensions.append((NID_authority_key_identifier, "keyid")) }
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer, handle, nil, nil, 0)
        for (kind, text) in extensions {
            guard let item = X509V3_EXT_conf_nid(nil, &context, kind, text) else {
                throw .openSSL("cannot make a certificate")
            }
            defer { X509_EXTENSION_free(item) }
            guard X509_add_ext(handle, item, -1) == 1 else { throw .openSSL("cannot make a certificate") }
        }
        try addAlternativeNames(to: handle)
    }

    private func addAlternativeNames(to handle: OpaquePointer) throws(CryptoError) {
        guard !dnsNames.isEmpty || !ipAddresses.isEmpty else { return }
        guard let list = OPENSSL_sk_new_null() else { throw .openSSL("out of memory") }
        defer { GENERAL_NAMES_free(list) }
        let names = dnsNames.map { (GEN_DNS, Array($0.utf8)) } + ipAddresses.map { (GEN_IPADD, $0.bytes) }
        for (kind, bytes) in names {
            // Built from values, not from OpenSSL's configuration text: a comma in a name must not become another name.
            guard let name = GENERAL_NAME_new(),
                let value = ASN1_STRING_type_new(kind == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING),
                ASN1_STRING_set(value, bytes, Int32(bytes.count)) == 1
            else { throw .openSSL("out of memory") }
            GENERAL_NAME_set0_value(name, kind, value)
            guard OPENSSL_sk_push(list, name) > 0 else { throw .openSSL("out of memory") }
        }
        guard X509_add1_ext_i2d(handle, NID_subject_alt_name, UnsafeMutableRawPointer(list), 0, 0) == 1 else {
            throw .openSSL("cannot make a certificate")
        }
    }
}
