// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// AES-256 in cipher block chaining mode with PKCS#7 padding; it does not authenticate what it encrypts.
public enum AES {
    /// The size of a block and of an initialization vector, in bytes.
    public static let blockSize = 16

    /// Encrypts bytes of any length with a key of 32 bytes and a vector of 16 that was never used with this key.
    /// - Throws: `CryptoError` when the key or the vector has another length.
    public static func encrypt(_ bytes: [UInt8], key: [UInt8], initializationVector: [UInt8]) throws(CryptoError)
        -> [UInt8]
    { try crypt(bytes, key, initializationVector, encrypting: true) }

    /// Decrypts bytes.
    /// - Throws: `CryptoError` when a length is wrong or the padding shows another key was used.
    public static func decrypt(_ bytes: [UInt8], key: [UInt8], initializationVector: [UInt8]) throws(CryptoError)
        -> [UInt8]
    { try crypt(bytes, key, initializationVector, encrypting: false) }

    private static func crypt(_ bytes: [UInt8], _ key: [UInt8], _ vector: [UInt8], encrypting: Bool)
        throws(CryptoError) -> [UInt8]
    {
        guard key.count == 32 else { throw CryptoError("an AES-256 key has 32 bytes, not \(key.count)") }
        guard vector.count == blockSize else {
            throw CryptoError("an initialization vector has 16 bytes, not \(vector.count)")
        }
        guard let context = EVP_CIPHER_CTX_new() else { throw .openSSL("cannot make a cipher") }
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: bytes.count + blockSize)
        var count: Int32 = 0
        var last: Int32 = 0
        guard EVP_CipherInit_ex(context, EVP_aes_256_cbc(), nil, key, vector, encrypting ? 1 : 0) == 1,
            EVP_CipherUpdate(context, &output, &count, bytes, Int32(bytes.count)) == 1
        else { throw .openSSL(encrypting ? "cannot encrypt" : "cannot decrypt") }
        let finished = output.withUnsafeMutableBufferPointer { buffer in
            EVP_CipherFinal_ex(context, buffer.baseAddress.map { $0 + Int(count) }, &last)
        }
        guard finished == 1 else { throw .openSSL(encrypting ? "cannot encrypt" : "cannot decrypt") }
        return Array(output.prefix(Int(count + last)))
    }
}
