// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Glibc

/// An X.509 certificate.
public final class Certificate: Sendable {
    // Never changed after init; OpenSSL caches extensions inside an X509 under its own lock.
    nonisolated(unsafe) let handle: OpaquePointer

    init(owning handle: OpaquePointer) { self.handle = handle }

    deinit { X509_free(handle) }

    /// Reads the first certificate of a PEM text.
    /// - Throws: `CryptoError` when there is none or it is damaged.
    public convenience init(pem: String) throws(CryptoError) {
        let input = try MemoryBIO(Array(pem.utf8))
        guard let handle = PEM_read_bio_X509(input.handle, nil, { _, _, _, _ in 0 }, nil) else {
            throw .openSSL("cannot read the certificate")
        }
        self.init(owning: handle)
    }

    /// Reads all certificates of a PEM text, in order; other blocks and text between blocks are skipped.
    /// - Throws: `CryptoError` when there is none or one is damaged.
    public static func bundle(pem: String) throws(CryptoError) -> [Certificate] {
        let input = try MemoryBIO(Array(pem.utf8))
        var certificates: [Certificate] = []
        while let handle = PEM_read_bio_X509(input.handle, nil, { _, _, _, _ in 0 }, nil) {
            certificates.append(Certificate(owning: handle))
        }
        let code = ERR_peek_last_error()
        let atEnd = Int32(truncatingIfNeeded: code & UInt(ERR_REASON_MASK)) == PEM_R_NO_START_LINE
        guard atEnd, !certificates.isEmpty else { throw .openSSL("cannot read a certificate") }
        ERR_clear_error()
        return certificates
    }

    /// The certificate as PEM text.
    public func pem() throws(CryptoError) -> String {
        let output = try MemoryBIO()
        guard PEM_write_bio_X509(output.handle, handle) == 1 else { throw .openSSL("cannot write the certificate") }
        return output.text()
    }

    /// The certificate in DER, the bytes a fingerprint is taken of.
    public func der() throws(CryptoError) -> [UInt8] {
        let output = try MemoryBIO()
        guard i2d_X509_bio(output.handle, handle) == 1 else { throw .openSSL("cannot write the certificate") }
        return output.contents()
    }

    /// The SHA-256 of the DER form in lower-case hexadecimal.
    public func fingerprint() throws(CryptoError) -> String { Digest.sha256.hex(try der()) }

    /// Whom it is about, as in RFC 2253: `CN=server,O=party`.
    public var subject: String { Self.name(X509_get_subject_name(handle)) }

    /// Who signed it, as in RFC 2253.
    public var issuer: String { Self.name(X509_get_issuer_name(handle)) }

    /// The common name of the subject.
    public var commonName: String? {
        guard let name = X509_get_subject_name(handle) else { return nil }
        let index = X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        guard index >= 0, let entry = X509_NAME_get_entry(name, index), let data = X509_NAME_ENTRY_get_data(entry)
        else {
            return nil
        }
        return String(decoding: Self.bytes(data), as: UTF8.self)
    }

    /// The first second of its validity, since 1970 in UTC.
    public var notBefore: Int { Self.seconds(X509_get0_notBefore(handle)) }

    /// The last second of its validity, since 1970 in UTC.
    public var notAfter: Int { Self.seconds(X509_get0_notAfter(handle)) }

    /// Whether it may sign other certificates.
    public var isAuthority: Bool { X509_check_ca(handle) == 1 }

    /// Whether it is signed with the key of another certificate.
    public func isSigned(by authority: Certificate) -> Bool {
        guard let key = X509_get0_pubkey(authority.handle) else { return false }
        defer { ERR_clear_error() }
        return X509_verify(handle, key) == 1
    }

    /// Whether a host name or IP address text is one of its names; wildcards count as in RFC 6125.
    public func isValid(forHost host: String) -> Bool {
        defer { ERR_clear_error() }
        if IPAddress(host) != nil { return X509_check_ip_asc(handle, host, 0) == 1 }
        return X509_check_host(handle, host, host.utf8.count, 0, nil) == 1
    }

    private static func name(_ name: OpaquePointer?) -> String {
        guard let name, let output = try? MemoryBIO() else { return "" }
        // XN_FLAG_RFC2253 without ASN1_STRFLGS_ESC_MSB, so that names in other scripts stay readable.
        let text = ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_DUMP_UNKNOWN
        let layout = XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_DN_REV | XN_FLAG_FN_SN | XN_FLAG_DUMP_UNKNOWN_FIELDS
        let flags = UInt(text) | UInt(layout)
        _ = X509_NAME_print_ex(output.handle, name, 0, flags)
        return output.text()
    }

    static func bytes(_ string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
        Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return 0 }
        return timegm(&parts)
    }
}
