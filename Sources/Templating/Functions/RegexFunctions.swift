// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// sprig's regular expressions.
enum RegexFunctions {
    static let all: [Function] =
        [
            Function("regexMatch", [.string, .string]) { evaluator, values in
                guard let regex = evaluator.regexIfValid(values.text(0)) else { return .bool(false) }
                return .bool(regex.matches(values.text(1)))
            },
            Function("mustRegexMatch", [.string, .string]) { evaluator, values in
                .bool(try evaluator.regex(values.text(0)).matches(values.text(1)))
            },
            Function("regexFind", [.string, .string]) { evaluator, values in
                guard let regex = evaluator.regexIfValid(values.text(0)) else { return .string([]) }
                return .string(regex.first(in: values.text(1)) ?? [])
            },
            Function("mustRegexFind", [.string, .string]) { evaluator, values in
                .string(try evaluator.regex(values.text(0)).first(in: values.text(1)) ?? [])
            },
            Function("regexQuoteMeta", [.string]) { _, values in
                .string(
                    values.text(0).reduce(into: Bytes()) { result, byte in
                        if Bytes("\\.+*?()|[]{}^$").contains(byte) { result.append(0x5C) }
                        result.append(byte)
                    })
            },
        ]
        + ["regexFindAll", "mustRegexFindAll"].map { name in
            Function(name, [.string, .string, .int]) { evaluator, values in
                let text = values.text(1)
                let found = try evaluator.regex(values.text(0)).all(in: text, limit: values.int(2))
                try evaluator.step(found.count)
                return .strings(found.map { Bytes(text[$0]) })
            }
        }
        + ["regexSplit", "mustRegexSplit"].map { name in
            Function(name, [.string, .string, .int]) { evaluator, values in
                .strings(try evaluator.regex(values.text(0)).split(values.text(1), limit: values.int(2)))
            }
        }
        + ["regexReplaceAll", "mustRegexReplaceAll"].map { name in replacing(name, isLiteral: false) }
        + ["regexReplaceAllLiteral", "mustRegexReplaceAllLiteral"].map { name in replacing(name, isLiteral: true) }

    private static func replacing(_ name: String, isLiteral: Bool) -> Function {
        Function(name, [.string, .string, .string]) { evaluator, values in
            let (text, replacement) = (values.text(1), values.text(2))
            try evaluator.allow(bytes: (text.count + 1).multipliedReportingOverflow(by: replacement.count + 1))
            let regex = try evaluator.regex(values.text(0))
            return .string(regex.replacing(in: text, with: replacement, isLiteral: isLiteral))
        }
    }
}

extension Evaluator {
    /// The compiled expression; charts use the same few again and again.
    fileprivate func regex(_ pattern: Bytes) throws -> GoRegex {
        if let known = regexes[ByteKey(pattern)] { return known }
        let regex = try GoRegex(pattern)
        regexes[ByteKey(pattern)] = regex
        return regex
    }

    /// The compiled expression; nil where sprig's function hides that there is none.
    fileprivate func regexIfValid(_ pattern: Bytes) -> GoRegex? {
        switch Result(catching: { try regex(pattern) }) {
        case .success(let regex): regex
        case .failure: nil
        }
    }
}
