// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Testing

struct DigestTests {
    @Test(arguments: [
        (Digest.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            .sha512, "abc",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
    ])
    func `digests are those of FIPS 180`(digest: Digest, text: String, expected: String) {
        #expect(digest.hex(text) == expected)
        #expect(digest.digest(text.utf8).count == digest.byteCount)
    }

    @Test func `a message authentication code is that of RFC 4231`() {
        let code = Digest.sha256.authenticationCode(of: "what do ya want for nothing?".utf8, key: "Jefe".utf8)
        #expect(Hex.encode(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `Adler-32 is that of RFC 1950`() {
        #expect(Adler32.checksum("Wikipedia".utf8) == 0x11E6_0398)
        #expect(Adler32.checksum([]) == 1)
        #expect(Adler32.checksum(repeatElement(255, count: 100_000)) == 0x149A_302C)
    }
}

struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `encodes and decodes the vectors of RFC 4648`(plain: String, encoded: String) throws {
        #expect(Base64.encode(plain.utf8) == encoded)
        #expect(try Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test func `all bytes survive in both alphabets`() throws {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(try Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(try Base64.decode(Base64.encodeURLSafe(bytes)) == bytes)
        #expect(!Base64.encodeURLSafe(bytes).contains { "+/=".contains($0) })
    }

    @Test func `line breaks are skipped`() throws {
        #expect(try Base64.decode("Zm9v\r\nYmFy\n") == Array("foobar".utf8))
    }

    @Test(arguments: [("!", 0), ("Zg=a", 3), ("Zm9v=", 4), ("Z", 1), ("Zg=", 3), ("Zg===", 4), ("Zm 9v", 2)])
    func `what is not base64 is refused with its place`(text: String, offset: Int) {
        #expect(throws: Base64Error(offset: offset)) { try Base64.decode(text) }
    }
}
