// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A message digest algorithm.
public enum Digest: String, Sendable, CaseIterable {
    /// SHA-1, 20 bytes: only for compatibility, never for security.
    case sha1
    /// SHA-256, 32 bytes.
    case sha256
    /// SHA-512, 64 bytes.
    case sha512

    private var algorithm: OpaquePointer {
        switch self {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha512: EVP_sha512()
        }
    }

    /// The number of bytes a digest has.
    public var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    /// The digest of some bytes.
    public func digest(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let input = Array(bytes)
        return [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            _ = EVP_Digest(input, input.count, output.baseAddress, nil, algorithm, nil)
            count = byteCount
        }
    }

    /// The digest of some bytes in lower-case hexadecimal.
    public func hex(_ bytes: some Sequence<UInt8>) -> String { Hex.encode(digest(bytes)) }

    /// The digest of a text's UTF-8 bytes in lower-case hexadecimal.
    public func hex(_ text: String) -> String { hex(text.utf8) }

    /// The keyed-hash message authentication code (RFC 2104) of some bytes.
    public func authenticationCode(of bytes: some Sequence<UInt8>, key: some Sequence<UInt8>) -> [UInt8] {
        let input = Array(bytes)
        let secret = Array(key)
        return [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            _ = HMAC(algorithm, secret, Int32(secret.count), input, input.count, output.baseAddress, nil)
            count = byteCount
        }
    }
}
