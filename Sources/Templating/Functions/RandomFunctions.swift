// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Random texts and numbers, from the system's secure source.
enum RandomFunctions {
    static let all: [Function] =
        [
            ("randAlphaNum", SecureRandom.Alphabet.alphanumeric), ("randAlpha", .alphabetic),
            ("randNumeric", .numeric), ("randAscii", .ascii),
        ].map { name, alphabet in
            Function(name, [.int]) { evaluator, values in
                guard values.int(0) >= 0 else {
                    throw GoError("requested random string length \(values.int(0)) is less than 0")
                }
                try evaluator.allow(bytes: values.int(0))
                return .text(SecureRandom.text(values.int(0), from: alphabet))
            }
        } + [
            Function("randBytes", [.int]) { evaluator, values in
                guard values.int(0) >= 0 else { throw GoError("runtime error: makeslice: len out of range") }
                try evaluator.allow(bytes: values.int(0))
                return .text(Base64.encode(SecureRandom.bytes(values.int(0))))
            },
            Function("randInt", [.int, .int]) { _, values in
                let (low, high) = (values.int(0), values.int(1))
                guard low < high else { throw GoError("invalid argument to Intn") }
                var generator = SecureRandom()
                return .int(Int.random(in: low..<high, using: &generator))
            },
            Function("uuidv4", []) { _, _ in .text(SecureRandom.uuid()) },
            Function("shuffle", [.string]) { _, values in
                var generator = SecureRandom()
                return .string(Bytes(runes: values.text(0).runes.shuffled(using: &generator)))
            },
        ]
}
