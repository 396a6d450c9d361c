// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The Master Password algorithm: a password for a site from one that is remembered.
enum DerivedPassword {
    private static let seed = Bytes("com.lyndir.masterpassword")

    private static let templates: [String: [String]] = [
        "maximum": ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long": [
            "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno", "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno",
            "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        "medium": ["CvcnoCvc", "CvcCvcno"],
        "short": ["Cvcn"],
        "basic": ["aaanaaan", "aannaaan", "aaannaaa"],
        "pin": ["nnnn"],
    ]

    private static let classes: [UInt8: Bytes] = [
        UInt8(ascii: "V"): Bytes("AEIOU"),
        UInt8(ascii: "C"): Bytes("BCDFGHJKLMNPQRSTVWXYZ"),
        UInt8(ascii: "v"): Bytes("aeiou"),
        UInt8(ascii: "c"): Bytes("bcdfghjklmnpqrstvwxyz"),
        UInt8(ascii: "A"): Bytes("AEIOUBCDFGHJKLMNPQRSTVWXYZ"),
        UInt8(ascii: "a"): Bytes("AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"),
        UInt8(ascii: "n"): Bytes("0123456789"),
        UInt8(ascii: "o"): Bytes("@&%?,=[]_:-+*$#!'^~;()/."),
        UInt8(ascii: "x"): Bytes("AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()"),
    ]

    static func derive(counter: UInt32, kind: String, password: Bytes, user: Bytes, site: Bytes) throws -> Bytes {
        guard let templates = templates[kind] else { return Bytes("cannot find password template \(kind)") }
        let salt = seed + bytes(UInt32(clamping: user.count)) + user
        let key = try Scrypt.derive(
            password: password, salt: salt, cost: 32768, blockSize: 8, parallelization: 2, length: 64)
        let message = seed + bytes(UInt32(clamping: site.count)) + site + bytes(counter)
        let code = Digest.sha256.authenticationCode(of: message, key: key)
        let template = templates[Int(code[0]) % templates.count]
        return zip(template.utf8, code.dropFirst()).map { kind, number in
            let characters = classes[kind] ?? [kind]
            return characters[Int(number) % characters.count]
        }
    }

    private static func bytes(_ number: UInt32) -> Bytes {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
