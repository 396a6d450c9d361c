// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// One lexical element of a template.
struct Token {
    enum Kind {
        case error, end
        case text
        case leftDelimiter, rightDelimiter
        case space
        case bool, number, character, string, rawString
        case identifier, field, variable
        case assign, declare, pipe, leftParenthesis, rightParenthesis
        /// Any other printable ASCII character.
        case symbol
        case dot, nilLiteral
        case block, breakLoop, continueLoop, define, otherwise, endBlock, conditional, range, template, with

        var isKeyword: Bool {
            switch self {
            case .dot, .nilLiteral, .block, .breakLoop, .continueLoop, .define, .otherwise, .endBlock, .conditional,
                .range, .template, .with:
                true
            default: false
            }
        }
    }

    let kind: Kind
    /// Byte offset in the source.
    let position: Int
    /// Where the text ends: tokens hold no copy of it.
    let end: Int
    /// 1-based.
    let line: Int

    /// The keyword or literal that a word is; nil for an identifier.
    static func keyword(_ source: Bytes, _ start: Int, _ end: Int) -> Kind? {
        func matches(_ word: StaticString) -> Bool {
            word.withUTF8Buffer { buffer in
                for index in 0..<buffer.count where source[start + index] != buffer[index] { return false }
                return true
            }
        }
        switch (end - start, source[start]) {
        case (2, UInt8(ascii: "i")): return matches("if") ? .conditional : nil
        case (3, UInt8(ascii: "e")): return matches("end") ? .endBlock : nil
        case (3, UInt8(ascii: "n")): return matches("nil") ? .nilLiteral : nil
        case (4, UInt8(ascii: "e")): return matches("else") ? .otherwise : nil
        case (4, UInt8(ascii: "t")): return matches("true") ? .bool : nil
        case (4, UInt8(ascii: "w")): return matches("with") ? .with : nil
        case (5, UInt8(ascii: "b")): return matches("block") ? .block : matches("break") ? .breakLoop : nil
        case (5, UInt8(ascii: "f")): return matches("false") ? .bool : nil
        case (5, UInt8(ascii: "r")): return matches("range") ? .range : nil
        case (6, UInt8(ascii: "d")): return matches("define") ? .define : nil
        case (8, UInt8(ascii: "c")): return matches("continue") ? .continueLoop : nil
        case (8, UInt8(ascii: "t")): return matches("template") ? .template : nil
        default: return nil
        }
    }
}
