// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The scrypt key derivation function (RFC 7914).
public enum Scrypt {
    /// Derives a key from a password.
    /// - Throws: `CryptoError` for parameters scrypt does not allow.
    public static func derive(
        password: [UInt8], salt: [UInt8], cost: UInt64, blockSize: UInt64, parallelization: UInt64, length: Int
    ) throws(CryptoError) -> [UInt8] {
        var done: Int32 = 0
        let key = [UInt8](unsafeUninitializedCapacity: length) { output, count in
            done = password.withUnsafeBytes { secret in
                EVP_PBE_scrypt(
                    secret.baseAddress?.assumingMemoryBound(to: CChar.self), password.count, salt, salt.count, cost,
                    blockSize, parallelization, 1 << 30, output.baseAddress, length)
            }
            count = length
        }
        guard done == 1 else { throw .openSSL("cannot derive a key") }
        return key
    }
}
