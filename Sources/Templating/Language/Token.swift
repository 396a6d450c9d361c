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
    /// 1-based.
    let line: Int
    /// The text; for an error the message.
    let text: Bytes

    static let keywords: [Bytes: Kind] = [
        Bytes("block"): .block, Bytes("break"): .breakLoop, Bytes("continue"): .continueLoop,
        Bytes("define"): .define, Bytes("else"): .otherwise, Bytes("end"): .endBlock, Bytes("if"): .conditional,
        Bytes("range"): .range, Bytes("nil"): .nilLiteral, Bytes("template"): .template, Bytes("with"): .with,
        Bytes("true"): .bool, Bytes("false"): .bool,
    ]

    /// How messages name the token.
    var description: String {
        switch kind {
        case .end: return "EOF"
        case .error: return text.text
        case _ where kind.isKeyword: return "<\(text.text)>"
        default:
            guard text.count > 10 else { return GoQuote.quote(text).text }
            return GoQuote.quote(Bytes(runes: text.runes.prefix(10))).text + "..."
        }
    }
}
