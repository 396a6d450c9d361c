// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// sprig's keys, certificates and passwords.
enum CryptoFunctions {
    static let all: [Function] = [
        Function("genPrivateKey", [.string]) { _, values in try privateKey(values.text(0).text) },
        Function("bcrypt", [.string]) { _, values in .text(try BCrypt.hash(values.text(0).text)) },
        Function("htpasswd", [.string, .string]) { _, values in
            let user = values.text(0).text
            if user.contains(":") { return .text("invalid username: \(user)") }
            return .text(user + ":" + (try BCrypt.hash(values.text(1).text)))
        },
        Function("derivePassword", [.uint64, .string, .string, .string, .string]) { _, values in
            try .string(
                DerivedPassword.derive(
                    counter: UInt32(clamping: values.int(0)), kind: values.text(1).text, password: values.text(2),
                    user: values.text(3), site: values.text(4)))
        },
        Function("encryptAES", [.string, .string]) { _, values in
            let vector = SecureRandom.bytes(AES.blockSize)
            let sealed = try AES.encrypt(values.text(1), key: key(values.text(0)), initializationVector: vector)
            return .text(Base64.encode(vector + sealed))
        },
        Function("decryptAES", [.string, .string]) { _, values in
            let sealed = try Base64.decode(bytes: values.text(1))
            guard sealed.count > AES.blockSize else { throw GoError("crypto/cipher: input not full blocks") }
            return .string(
                try AES.decrypt(
                    Array(sealed[AES.blockSize...]), key: key(values.text(0)),
                    initializationVector: Array(sealed[..<AES.blockSize])))
        },
    ]

    /// A password as an AES key: cut or filled up with zeros to 32 bytes.
    private static func key(_ password: Bytes) -> Bytes {
        Bytes(password.prefix(32)) + Bytes(repeating: 0, count: max(0, 32 - password.count))
    }

    private static func privateKey(_ kind: String) throws -> GoValue {
        switch kind {
        case "", "rsa": .text(try PrivateKey.make(.rsa(bits: 4096)).pem(.traditional))
        case "ecdsa": .text(try PrivateKey.make(.p256).pem(.traditional))
        case "ed25519": .text(try PrivateKey.make(.ed25519).pem(.pkcs8))
        case "dsa": throw GoError("DSA keys are obsolete and not supported; use \"ecdsa\" or \"ed25519\"")
        default: .text("Unknown type \(kind)")
        }
    }
}
