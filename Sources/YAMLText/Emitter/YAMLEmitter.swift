// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Writes values as Go's yaml v2 does, which Helm's `toYaml` and kubectl print with.
struct YAMLEmitter {
    private(set) var output: [UInt8] = []
    private let keys: YAMLKeyOrder
    /// How many characters the current line holds.
    private var column = 0

    /// Text is folded at the first space beyond this column.
    private let width: Int
    private let indentsSequences: Bool

    init(keys: YAMLKeyOrder, style: YAMLStyle) {
        self.keys = keys
        width = style == .helm ? 80 : .max
        indentsSequences = style == .indented
    }

    mutating func document(_ value: Value) {
        // Nothing surrounds the root, so its collections start at column 0.
        switch value {
        case .mapping(let mapping) where !mapping.isEmpty: block(mapping, indent: 0)
        case .array(let items) where !items.isEmpty: block(items, indent: 0)
        default: scalar(value, indent: 2)
        }
        endLine()
    }

    // MARK: Collections

    /// Writes the entries; the first continues the current line, which is indented already.
    private mutating func block(_ mapping: Mapping, indent: Int) {
        var isFirst = true
        for (key, value) in entries(of: mapping) {
            if !isFirst { newLine(indent) }
            isFirst = false
            if Self.isWord(key), key.utf8.count <= 128 {
                put(key)
                put(":")
                entry(value, indent: indent)
                continue
            }
            let text = Array(key.unicodeScalars)
            let analysis = ScalarAnalysis(text)
            // A long key or one of several lines needs the explicit form.
            if analysis.isMultiline || key.utf8.count > 128 {
                put("?")
                put(" ")
                string(key, text, analysis, indent: indent + 2, isKey: false)
                newLine(indent)
                put(":")
                item(value, indent: indent)
            } else {
                string(key, text, analysis, indent: indent + 2, isKey: true)
                put(":")
                entry(value, indent: indent)
            }
        }
    }

    private func entries(of mapping: Mapping) -> [(key: String, value: Value)] {
        switch keys {
        case .given: Array(mapping)
        case .natural: mapping.sorted { NaturalOrder.precedes($0.key, $1.key) }
        }
    }

    private mutating func block(_ items: [Value], indent: Int) {
        for (index, value) in items.enumerated() {
            if index > 0 { newLine(indent) }
            put("-")
            item(value, indent: indent)
        }
    }

    /// What follows a dash: collections start on its line.
    private mutating func item(_ value: Value, indent: Int) {
        put(" ")
        switch value {
        case .mapping(let mapping) where !mapping.isEmpty: block(mapping, indent: indent + 2)
        case .array(let items) where !items.isEmpty: block(items, indent: indent + 2)
        default: scalar(value, indent: indent + 2)
        }
    }

    /// What follows `key:`; a sequence is not indented below it.
    private mutating func entry(_ value: Value, indent: Int) {
        switch value {
        case .mapping(let mapping) where !mapping.isEmpty:
            newLine(indent + 2)
            block(mapping, indent: indent + 2)
        case .array(let items) where !items.isEmpty:
            let inner = indentsSequences ? indent + 2 : indent
            newLine(inner)
            block(items, indent: inner)
        default:
            put(" ")
            scalar(value, indent: indent + 2)
        }
    }

    // MARK: Scalars

    private mutating func scalar(_ value: Value, indent: Int) {
        switch value {
        case .null: put("null")
        case .bool(let flag): put(flag ? "true" : "false")
        case .int(let number): put(String(number))
        case .double(let number): put(YAMLNumber.text(number))
        case .array: put("[]")
        case .mapping: put("{}")
        case .string(let text) where Self.isWord(text): put(text)
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            string(text, scalars, ScalarAnalysis(scalars), indent: indent, isKey: false)
        }
    }

    /// Whether the text is what most keys and many values are: a word that means nothing but itself, in any place.
    private static func isWord(_ text: String) -> Bool {
        var isFirst = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "/"):
                guard !isFirst else { return false }
            default: return false
            }
            isFirst = false
        }
        return !isFirst && !TextResolution.isAmbiguous(text)
    }

    private mutating func string(
        _ text: String, _ scalars: [Unicode.Scalar], _ analysis: ScalarAnalysis, indent: Int, isKey: Bool
    ) {
        if scalars.contains("\n") {
            if analysis.allowsBlock && !isKey {
                literal(scalars, indent: indent)
            } else {
                doubleQuoted(scalars, indent: indent, folds: !isKey)
            }
        } else if TextResolution.isAmbiguous(text) || !analysis.allowsSingleQuotes {
            doubleQuoted(scalars, indent: indent, folds: !isKey)
        } else if analysis.allowsPlain {
            plain(scalars, indent: indent, folds: !isKey)
        } else {
            singleQuoted(scalars, indent: indent, folds: !isKey)
        }
    }

    private mutating func plain(_ text: [Unicode.Scalar], indent: Int, folds: Bool) {
        var isAfterSpace = false
        for (index, scalar) in text.enumerated() {
            let isSpace = scalar == " "
            let isSingle = !isAfterSpace && !(index + 1 < text.count && text[index + 1] == " ")
            if isSpace, folds, isSingle, column > width {
                newLine(indent)
            } else {
                put(scalar)
            }
            isAfterSpace = isSpace
        }
    }

    private mutating func singleQuoted(_ text: [Unicode.Scalar], indent: Int, folds: Bool) {
        put("'")
        var isAfterSpace = false
        for (index, scalar) in text.enumerated() {
            let isSpace = scalar == " "
            let isInside = index > 0 && index < text.count - 1
            if isSpace, folds, !isAfterSpace, isInside, text[index + 1] != " ", column > width {
                newLine(indent)
            } else {
                if scalar == "'" { put("'") }
                put(scalar)
            }
            isAfterSpace = isSpace
        }
        put("'")
    }

    private mutating func doubleQuoted(_ text: [Unicode.Scalar], indent: Int, folds: Bool) {
        put("\"")
        var isAfterSpace = false
        for (index, scalar) in text.enumerated() {
            let isSpace = scalar == " "
            if isSpace {
                if folds, !isAfterSpace, index > 0, index < text.count - 1, column > width {
                    newLine(indent)
                    // A line that starts with a space needs it escaped.
                    if text[index + 1] == " " { put("\\") }
                } else {
                    put(scalar)
                }
            } else if !ScalarAnalysis.isPrintable(scalar) || ScalarAnalysis.isBreak(scalar) || scalar == "\""
                || scalar == "\\"
            {
                put(Self.escape(scalar))
            } else {
                put(scalar)
            }
            isAfterSpace = isSpace
        }
        put("\"")
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x00: return "\\0"
        case 0x07: return "\\a"
        case 0x08: return "\\b"
        case 0x09: return "\\t"
        case 0x0A: return "\\n"
        case 0x0B: return "\\v"
        case 0x0C: return "\\f"
        case 0x0D: return "\\r"
        case 0x1B: return "\\e"
        case 0x22: return "\\\""
        case 0x5C: return "\\\\"
        case 0x85: return "\\N"
        case 0x2028: return "\\L"
        case 0x2029: return "\\P"
        default:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let (letter, length) = scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
            return "\\" + letter + String(repeating: "0", count: length - digits.count) + digits
        }
    }

    private mutating func literal(_ text: [Unicode.Scalar], indent: Int) {
        put("|")
        if let first = text.first, first == " " || ScalarAnalysis.isBreak(first) { put("2") }
        if let last = text.last, !ScalarAnalysis.isBreak(last) {
            put("-")
        } else if text.count == 1 || ScalarAnalysis.isBreak(text[text.count - 2]) {
            put("+")
        }
        breakLine()
        var isAtStart = true
        for scalar in text {
            let isBreak = ScalarAnalysis.isBreak(scalar)
            if isAtStart, !isBreak { putSpaces(indent) }
            put(scalar)
            isAtStart = isBreak
        }
    }

    // MARK: Characters

    /// Writes ASCII that breaks no line.
    private mutating func put(_ text: String) {
        output.append(contentsOf: text.utf8)
        column += text.utf8.count
    }

    private mutating func putSpaces(_ count: Int) {
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count))
        column += count
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            output.append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
            output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        column = ScalarAnalysis.isBreak(scalar) ? 0 : column + 1
    }

    private mutating func breakLine() {
        output.append(0x0A)
        column = 0
    }

    private mutating func endLine() {
        if column > 0 { breakLine() }
    }

    private mutating func newLine(_ indent: Int) {
        endLine()
        putSpaces(indent)
    }
}
