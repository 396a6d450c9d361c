// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Digests and encodings.
enum EncodingFunctions {
    static let all: [Function] = [
        Function("b64enc", [.string]) { _, values in .text(Base64.encode(values.text(0))) },
        Function("b64dec", [.string]) { _, values in
            do throws(Base64Error) {
                return .string(try Base64.decode(bytes: values.text(0)))
            } catch {
                return .text(error.description)
            }
        },
        Function("b32enc", [.string]) { _, values in .string(Base32.encode(values.text(0))) },
        Function("b32dec", [.string]) { _, values in
            switch Base32.decode(values.text(0)) {
            case .success(let bytes): .string(bytes)
            case .failure(let problem): .text("illegal base32 data at input byte \(problem.offset)")
            }
        },
        Function("sha1sum", [.string]) { _, values in .text(Digest.sha1.hex(values.text(0))) },
        Function("sha256sum", [.string]) { _, values in .text(Digest.sha256.hex(values.text(0))) },
        Function("sha512sum", [.string]) { _, values in .text(Digest.sha512.hex(values.text(0))) },
        Function("adler32sum", [.string]) { _, values in .text(String(Adler32.checksum(values.text(0)))) },
    ]
}

/// RFC 4648's base32 with padding.
enum Base32 {
    struct Problem: Error {
        let offset: Int
    }

    private static let alphabet = Bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    static func encode(_ bytes: Bytes) -> Bytes {
        var result = Bytes()
        for start in stride(from: 0, to: bytes.count, by: 5) {
            let chunk = bytes[start..<min(start + 5, bytes.count)]
            let bits = chunk.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } << UInt64(8 * (5 - chunk.count))
            let used = (chunk.count * 8 + 4) / 5
            for place in 0..<8 {
                result.append(
                    place < used ? alphabet[Int(bits >> UInt64(35 - 5 * place) & 31)] : UInt8(ascii: "="))
            }
        }
        return result
    }

    static func decode(_ text: Bytes) -> Result<Bytes, Problem> {
        let input = text.filter { $0 != 0x0A && $0 != 0x0D }
        var result = Bytes()
        for start in stride(from: 0, to: input.count, by: 8) {
            guard start + 8 <= input.count else { return .failure(Problem(offset: input.count)) }
            let chunk = input[start..<start + 8]
            let digits = chunk.prefix { $0 != UInt8(ascii: "=") }
            guard chunk.dropFirst(digits.count).allSatisfy({ $0 == UInt8(ascii: "=") }),
                digits.count == 8 || start + 8 == input.count, [2, 4, 5, 7, 8].contains(digits.count)
            else { return .failure(Problem(offset: start + digits.count)) }
            var bits: UInt64 = 0
            for (place, digit) in digits.enumerated() {
                guard let value = alphabet.firstIndex(of: digit) else {
                    return .failure(Problem(offset: start + place))
                }
                bits |= UInt64(value) << UInt64(35 - 5 * place)
            }
            for place in 0..<(digits.count * 5 / 8) {
                result.append(UInt8(truncatingIfNeeded: bits >> UInt64(32 - 8 * place)))
            }
        }
        return .success(result)
    }
}
