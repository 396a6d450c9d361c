// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// sprig's functions on words.
enum WordFunctions {
    static let all: [Function] = [
        Function("title", [.string]) { _, values in .string(title(values.text(0))) },
        Function("untitle", [.string]) { _, values in
            .string(atWordStarts(values.text(0)) { Rune.toLower($0) })
        },
        Function("initials", [.string]) { _, values in .string(initials(values.text(0))) },
        Function("swapcase", [.string]) { _, values in .string(swapCase(values.text(0))) },
        Function("snakecase", [.string]) { _, values in .string(CaseStyle.delimited(values.text(0), by: "_")) },
        Function("kebabcase", [.string]) { _, values in .string(CaseStyle.delimited(values.text(0), by: "-")) },
        Function("camelcase", [.string]) { _, values in .string(CaseStyle.pascal(values.text(0))) },
        Function("abbrev", [.int, .string]) { _, values in
            .string(abbreviated(values.text(1), from: 0, to: values.int(0)))
        },
        Function("abbrevboth", [.int, .int, .string]) { _, values in
            let (left, right, text) = (values.int(0), values.int(1), values.text(2))
            if right < 4 || (left > 0 && right < 7) { return .string(text) }
            return .string(abbreviated(text, from: left, to: right))
        },
        Function("wrap", [.int, .string]) { _, values in
            .string(wrapped(values.text(1), at: values.int(0), with: Bytes("\n"), breaksWords: false))
        },
        Function("wrapWith", [.int, .string, .string]) { _, values in
            .string(wrapped(values.text(2), at: values.int(0), with: values.text(1), breaksWords: true))
        },
        Function("plural", [.string, .string, .int]) { _, values in
            .string(values.int(2) == 1 ? values.text(0) : values.text(1))
        },
    ]

    /// Go's old rule: a letter is at the start of a word when what precedes it is no letter, digit or underscore.
    private static func title(_ text: Bytes) -> Bytes {
        var previous: UInt32 = 0x20
        return Bytes(
            runes: text.runes.map { rune in
                let isStart = isSeparator(previous)
                previous = rune
                return isStart ? Rune.toTitle(rune) : rune
            })
    }

    private static func isSeparator(_ rune: UInt32) -> Bool {
        if rune < 0x80 { return !(Rune.isLetter(rune) || Rune.isDigit(rune) || rune == 0x5F) }
        if Rune.isLetter(rune) || Rune.isDigit(rune) { return false }
        return Rune.isSpace(rune)
    }

    private static func atWordStarts(_ text: Bytes, _ change: (UInt32) -> UInt32) -> Bytes {
        var isAfterSpace = true
        return Bytes(
            runes: text.runes.map { rune in
                defer { isAfterSpace = Rune.isSpace(rune) }
                return isAfterSpace ? change(rune) : rune
            })
    }

    private static func initials(_ text: Bytes) -> Bytes {
        var isAfterSpace = true
        return Bytes(
            runes: text.runes.filter { rune in
                let isSpace = Rune.isSpace(rune)
                defer { isAfterSpace = isSpace }
                return isAfterSpace && !isSpace
            })
    }

    private static func swapCase(_ text: Bytes) -> Bytes {
        var isAfterSpace = true
        return Bytes(
            runes: text.runes.map { rune in
                defer { isAfterSpace = Rune.isSpace(rune) }
                if Rune.isUpper(rune) { return Rune.toLower(rune) }
                if Rune.isLower(rune) { return isAfterSpace ? Rune.toTitle(rune) : Rune.toUpper(rune) }
                return rune
            })
    }

    /// Cut to `width` with dots where something is missing; `offset` is what must stay visible.
    private static func abbreviated(_ text: Bytes, from offset: Int, to width: Int) -> Bytes {
        guard width >= 4, text.count > width else { return text }
        let dots = Bytes("...")
        var start = min(offset, text.count)
        if text.count - start < width - 3 { start = text.count - (width - 3) }
        if start <= 4 { return Bytes(text.prefix(width - 3)) + dots }
        if width < 7 { return text }
        if start + width - 3 < text.count {
            return dots + abbreviated(Bytes(text[start...]), from: 0, to: width - 3)
        }
        return dots + Bytes(text.suffix(width - 3))
    }

    /// Breaks lines at spaces; words longer than a line are broken only when asked for.
    private static func wrapped(_ text: Bytes, at width: Int, with newline: Bytes, breaksWords: Bool) -> Bytes {
        let length = max(1, width)
        let separator = newline.isEmpty ? Bytes("\n") : newline
        var result = Bytes()
        var rest = text[...]
        while rest.count > length {
            if rest.first == 0x20 {
                rest = rest.dropFirst()
                continue
            }
            let limit = rest.startIndex + length
            if let space = rest[...limit].lastIndex(of: 0x20), space > rest.startIndex {
                result += rest[..<space] + separator
                rest = rest[(space + 1)...]
            } else if breaksWords {
                result += rest[..<limit] + separator
                rest = rest[limit...]
            } else if let space = rest[limit...].firstIndex(of: 0x20) {
                result += rest[..<space] + separator
                rest = rest[(space + 1)...]
            } else {
                break
            }
        }
        return result + rest
    }
}
