// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CCrypt

/// The bcrypt password hash in its `$2a$` form, which Apache, nginx and Go read.
public enum BCrypt {
    /// The longest password bcrypt looks at, in bytes.
    public static let maximumPasswordLength = 72

    /// Hashes a password with a random salt.
    ///
    /// `cost` is the logarithm of the work, 4 to 31; 10 takes about 50 ms.
    /// - Throws: `CryptoError` when the password is longer than 72 bytes or holds a NUL.
    public static func hash(_ password: String, cost: Int = 10) throws(CryptoError) -> String {
        try check(password)
        let random = SecureRandom.bytes(16).map { CChar(bitPattern: $0) }
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        guard crypt_gensalt_rn("$2a$", UInt(cost), random, Int32(random.count), &setting, Int32(setting.count)) != nil
        else { throw CryptoError("bcrypt cost \(cost) is not between 4 and 31") }
        return try crypt(password, setting: setting)
    }

    /// Whether a password is the one that was hashed.
    public static func verify(_ password: String, hash: String) -> Bool {
        guard hash.hasPrefix("$2"), (try? check(password)) != nil else { return false }
        guard let again = try? crypt(password, setting: hash.utf8CString.map { $0 }) else { return false }
        return ConstantTime.equal(again.utf8, hash.utf8)
    }

    private static func check(_ password: String) throws(CryptoError) {
        guard password.utf8.count <= maximumPasswordLength else {
            throw CryptoError("the password is longer than \(maximumPasswordLength) bytes")
        }
        guard !password.utf8.contains(0) else { throw CryptoError("the password holds a NUL character") }
    }

    private static func crypt(_ password: String, setting: [CChar]) throws(CryptoError) -> String {
        let scratch = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        defer { scratch.deallocate() }
        scratch.initialize(to: crypt_data())
        guard let output = crypt_rn(password, setting, scratch, Int32(MemoryLayout<crypt_data>.size)) else {
            throw CryptoError("this system's libcrypt has no bcrypt")
        }
        return String(cString: output)
    }
}
