// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Names in other spellings: `HTTPServer` as `http_server`, `http-server` or `HttpServer`.
enum CaseStyle {
    static func delimited(_ text: Bytes, by delimiter: Unicode.Scalar) -> Bytes {
        var result: [UInt32] = []
        let runes = text.runes
        for (index, rune) in runes.enumerated() {
            if isConnector(rune) {
                if result.last != delimiter.value || index == 0 { result.append(delimiter.value) }
                continue
            }
            if startsWord(runes, at: index), let last = result.last, last != delimiter.value {
                result.append(delimiter.value)
            }
            result.append(Rune.toLower(rune))
        }
        return Bytes(runes: result)
    }

    private static func isConnector(_ rune: UInt32) -> Bool {
        rune == 0x2D || rune == 0x5F || Rune.isSpace(rune)
    }

    /// Whether a word begins: after a lower-case letter or digit, or with the last capital of a run.
    private static func startsWord(_ runes: [UInt32], at index: Int) -> Bool {
        guard index > 0 else { return false }
        let (previous, rune) = (runes[index - 1], runes[index])
        if Rune.isUpper(rune) {
            if !Rune.isUpper(previous) { return true }
            return index + 1 < runes.count && Rune.isLower(runes[index + 1])
        }
        return Rune.isDigit(rune) && Rune.isLetter(previous) || Rune.isLetter(rune) && Rune.isDigit(previous)
    }

    /// Each word with a capital, without what joined them; separators at the start stay.
    static func pascal(_ text: Bytes) -> Bytes {
        let runes = text.runes
        let start = runes.firstIndex { !isConnector($0) } ?? runes.count
        var result = Array(runes[..<start])
        var isStart = true
        var isInCapitals = false
        for (index, rune) in runes.enumerated().dropFirst(start) {
            if isConnector(rune) {
                isStart = true
                continue
            }
            let isWordStart = isStart || (Rune.isUpper(rune) && startsWord(runes, at: index))
            isInCapitals = !isWordStart && Rune.isUpper(rune)
            result.append(isWordStart ? Rune.toUpper(rune) : isInCapitals ? Rune.toLower(rune) : rune)
            isStart = false
        }
        return Bytes(runes: result)
    }
}
