// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Testing

struct SecureRandomTests {
    @Test func `random bytes have the length asked for and differ`() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(SecureRandom.bytes(33).count == 33)
        #expect(SecureRandom.bytes(16) != SecureRandom.bytes(16))
    }

    @Test func `a UUID is of version 4 and variant 1`() {
        for _ in 0..<100 {
            let uuid = Array(SecureRandom.uuid())
            #expect(uuid.count == 36)
            #expect(uuid[14] == "4" && "89ab".contains(uuid[19]))
            #expect([8, 13, 18, 23].allSatisfy { uuid[$0] == "-" })
        }
    }

    @Test func `a text holds only characters of its alphabet`() {
        #expect(SecureRandom.text(200, from: .numeric).allSatisfy { "0123456789".contains($0) })
        #expect(SecureRandom.text(200, from: .ascii).unicodeScalars.allSatisfy { (32...126).contains($0.value) })
        #expect(SecureRandom.text(5, from: .kubernetesName).count == 5)
        #expect(SecureRandom.text(-1).isEmpty)
    }

    @Test func `a password starts with a letter and holds every class MySQL asks for`() {
        for _ in 0..<200 {
            let password = SecureRandom.password()
            #expect(password.count == 24)
            #expect(password.first?.isLetter == true)
            #expect(password.contains(where: \.isNumber) && password.contains(where: \.isUppercase))
            #expect(password.contains { $0.isLowercase })
        }
        #expect(SecureRandom.password(2).count == 8)
    }
}

struct BCryptTests {
    @Test func `a password matches its own hash only`() throws {
        let hash = try BCrypt.hash("s3cret", cost: 4)
        #expect(hash.hasPrefix("$2a$04$") && hash.count == 60)
        #expect(BCrypt.verify("s3cret", hash: hash))
        #expect(!BCrypt.verify("s3creT", hash: hash))
        #expect(!BCrypt.verify("s3cret", hash: "plain"))
    }

    @Test func `a hash made elsewhere is understood`() {
        let known = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
        #expect(BCrypt.verify("U*U", hash: known))
    }

    @Test func `passwords bcrypt would cut are refused`() {
        #expect(throws: CryptoError.self) { try BCrypt.hash(String(repeating: "x", count: 73), cost: 4) }
        #expect(throws: CryptoError.self) { try BCrypt.hash("a\0b", cost: 4) }
        #expect(throws: CryptoError.self) { try BCrypt.hash("a", cost: 40) }
    }
}

struct CipherTests {
    @Test func `AES decrypts what it encrypted`() throws {
        let key = Digest.sha256.digest("key".utf8)
        let vector = SecureRandom.bytes(16)
        for length in [0, 1, 15, 16, 17, 1000] {
            let plain = SecureRandom.bytes(length)
            let secret = try AES.encrypt(plain, key: key, initializationVector: vector)
            #expect(secret.count == (length / 16 + 1) * 16)
            #expect(try AES.decrypt(secret, key: key, initializationVector: vector) == plain)
        }
    }

    @Test func `AES refuses wrong lengths and damaged text`() throws {
        let key = [UInt8](repeating: 1, count: 32)
        let vector = [UInt8](repeating: 2, count: 16)
        #expect(throws: CryptoError.self) { try AES.encrypt([1], key: [1], initializationVector: vector) }
        #expect(throws: CryptoError.self) { try AES.encrypt([1], key: key, initializationVector: [1]) }
        #expect(throws: CryptoError.self) { try AES.decrypt([1, 2, 3], key: key, initializationVector: vector) }
    }

    @Test func `scrypt is that of RFC 7914`() throws {
        let key = try Scrypt.derive(
            password: Array("password".utf8), salt: Array("NaCl".utf8), cost: 1024, blockSize: 8, parallelization: 16,
            length: 64)
        #expect(Hex.encode(key).hasPrefix("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"))
    }
}
