// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// sprig's functions on strings.
enum StringFunctions {
    static let all: [Function] = [
        Function("quote", [], variadic: .interface) { _, values in
            .string(values.filter { !$0.isNil }.map { GoQuote.quote($0.sprigText) }.joined(by: [0x20]))
        },
        Function("squote", [], variadic: .interface) { _, values in
            .string(
                values.filter { !$0.isNil }.map { [0x27] + GoPrinter.bytes($0) + [0x27] }.joined(by: [0x20]))
        },
        Function("trunc", [.int, .string]) { _, values in .string(truncated(values.text(1), to: values.int(0))) },
        Function("trim", [.string]) { _, values in .string(trimmingSpace(values.text(0))) },
        Function("trimAll", [.string, .string]) { _, values in .string(trimming(values.text(1), values.text(0))) },
        Function("trimall", [.string, .string]) { _, values in .string(trimming(values.text(1), values.text(0))) },
        Function("trimSuffix", [.string, .string]) { _, values in
            let (suffix, text) = (values.text(0), values.text(1))
            return .string(text.hasSuffix(suffix) ? Bytes(text.dropLast(suffix.count)) : text)
        },
        Function("trimPrefix", [.string, .string]) { _, values in
            let (prefix, text) = (values.text(0), values.text(1))
            return .string(text.hasPrefix(prefix) ? Bytes(text.dropFirst(prefix.count)) : text)
        },
        Function("contains", [.string, .string]) { _, values in
            .bool(values.text(1).firstIndex(of: values.text(0)) != nil)
        },
        Function("hasPrefix", [.string, .string]) { _, values in .bool(values.text(1).hasPrefix(values.text(0))) },
        Function("hasSuffix", [.string, .string]) { _, values in .bool(values.text(1).hasSuffix(values.text(0))) },
        Function("replace", [.string, .string, .string]) { evaluator, values in
            let text = values.text(2)
            try evaluator.allow(bytes: text.count * (values.text(1).count / max(1, values.text(0).count) + 1))
            return .string(text.replacing(values.text(0), with: values.text(1)))
        },
        Function("indent", [.int, .string]) { evaluator, values in
            .string(try indented(values.text(1), by: values.int(0), evaluator))
        },
        Function("nindent", [.int, .string]) { evaluator, values in
            .string([0x0A] + (try indented(values.text(1), by: values.int(0), evaluator)))
        },
        Function("upper", [.string]) { _, values in .string(mapping(values.text(0), Rune.toUpper)) },
        Function("lower", [.string]) { _, values in .string(mapping(values.text(0), Rune.toLower)) },
        Function("repeat", [.int, .string]) { evaluator, values in
            guard values.int(0) >= 0 else { throw GoError("strings: negative Repeat count") }
            let text = values.text(1)
            try evaluator.allow(bytes: values.int(0).multipliedReportingOverflow(by: max(1, text.count)))
            var result = Bytes()
            for _ in 0..<values.int(0) { result += text }
            return .string(result)
        },
        Function("substr", [.int, .int, .string]) { _, values in
            .string(try substring(values.text(2), from: values.int(0), to: values.int(1)))
        },
        Function("nospace", [.string]) { _, values in
            .string(Bytes(runes: values.text(0).runes.filter { !Rune.isSpace($0) }))
        },
        Function("cat", [], variadic: .interface) { _, values in
            .string(values.filter { !$0.isNil }.map(GoPrinter.bytes).joined(by: [0x20]))
        },
        Function("split", [.string, .string]) { _, values in
            pieces(values.text(1).split(by: values.text(0)))
        },
        Function("splitn", [.string, .int, .string]) { _, values in
            pieces(values.text(2).split(by: values.text(0), limit: values.int(1)))
        },
        Function("splitList", [.string, .string]) { _, values in .strings(values.text(1).split(by: values.text(0))) },
        Function("join", [.string, .interface]) { evaluator, values in
            let texts = values[1].sprigTexts
            try evaluator.allow(bytes: texts.count.multipliedReportingOverflow(by: values.text(0).count))
            return .string(texts.joined(by: values.text(0)))
        },
        Function("sortAlpha", [.interface]) { _, values in .strings(values[0].sprigTexts.sorted { $0.precedes($1) }) },
    ]

    private static func truncated(_ text: Bytes, to count: Int) -> Bytes {
        if count < 0 { return text.count > -count ? Bytes(text.suffix(-count)) : text }
        return text.count > count ? Bytes(text.prefix(count)) : text
    }

    static func trimmingSpace(_ text: Bytes) -> Bytes {
        trimming(text) { Rune.isSpace($0) }
    }

    private static func trimming(_ text: Bytes, _ cutset: Bytes) -> Bytes {
        let runes = Set(cutset.runes)
        return trimming(text) { runes.contains($0) }
    }

    private static func trimming(_ text: Bytes, where drop: (UInt32) -> Bool) -> Bytes {
        var start = 0
        while start < text.count {
            let (rune, width) = text.rune(at: start)
            guard drop(rune) else { break }
            start += width
        }
        var end = text.count
        while end > start {
            var last = end - 1
            while last > start, text[last] & 0xC0 == 0x80, end - last < 4 { last -= 1 }
            var (rune, width) = text.rune(at: last)
            if last + width != end { (last, rune, width) = (end - 1, 0xFFFD, 1) }
            guard drop(rune) else { break }
            end = last
        }
        return Bytes(text[start..<end])
    }

    private static func indented(_ text: Bytes, by count: Int, _ evaluator: Evaluator) throws -> Bytes {
        guard count >= 0 else { throw GoError("strings: negative Repeat count") }
        let lines = text.reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        try evaluator.allow(bytes: count.multipliedReportingOverflow(by: lines))
        let padding = Bytes(repeating: 0x20, count: count)
        var result = padding
        result.reserveCapacity(text.count + lines * count)
        for byte in text {
            result.append(byte)
            if byte == 0x0A { result += padding }
        }
        return result
    }

    private static func mapping(_ text: Bytes, _ transform: (UInt32) -> UInt32) -> Bytes {
        Bytes(runes: text.runes.map(transform))
    }

    private static func substring(_ text: Bytes, from start: Int, to end: Int) throws -> Bytes {
        func slice(_ low: Int, _ high: Int) throws -> Bytes {
            guard high <= text.count, low <= high, low >= 0, high >= 0 else {
                throw GoError("runtime error: slice bounds out of range [\(low):\(high)]")
            }
            return Bytes(text[low..<high])
        }
        if start < 0 { return try slice(0, end) }
        if end < 0 || end > text.count { return try slice(start, text.count) }
        return try slice(start, end)
    }

    private static func pieces(_ parts: [Bytes]) -> GoValue {
        .map(
            GoMap(
                parts.enumerated().map { (Bytes("_\($0.offset)"), GoValue.string($0.element)) }, type: .stringMap))
    }
}

extension Evaluator {
    /// Refuses to make a text that is larger than what may be written.
    func allow(bytes: Int) throws {
        guard bytes <= environment.outputLimit else {
            throw GoError("the text would be longer than \(environment.outputLimit) bytes")
        }
        try step(bytes / 1024)
    }

    func allow(bytes: (partialValue: Int, overflow: Bool)) throws {
        try allow(bytes: bytes.overflow ? .max : bytes.partialValue)
    }
}
