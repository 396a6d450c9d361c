// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Text from outside, safe to print: control characters (C0, C1, DEL) and bidirectional overrides become visible escapes.
///
/// Newlines and tabs become `\n` and `\t`, so that the result is one line (CVE-2021-25743 is what happens otherwise).
public func escapedForTerminal(_ text: String) -> String { escaped(text, keepingLines: false) }

/// Like `escapedForTerminal`, but newlines and tabs stay: for whole texts such as logs.
public func escapedTextForTerminal(_ text: String) -> String { escaped(text, keepingLines: true) }

private func escaped(_ text: String, keepingLines: Bool) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n" where keepingLines, "\t" where keepingLines: result.unicodeScalars.append(scalar)
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\r": result += "\\r"
        case _ where isControl(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

private func isControl(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
}
