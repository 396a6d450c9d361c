// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Keeps lines that hold a password out of messages, whatever the message is about.
enum SecretLines {
    /// The diagnostic without the text of such lines.
    static func hidden(_ diagnostic: Diagnostic) -> Diagnostic {
        var diagnostic = diagnostic
        hide(&diagnostic.location)
        for index in diagnostic.notes.indices { hide(&diagnostic.notes[index].location) }
        return diagnostic
    }

    private static func hide(_ location: inout SourceLocation?) {
        if let line = location?.excerpt, isSecret(line) || hasLogin(line) || isVariable(line) {
            location?.excerpt = nil
        }
    }

    /// Whether the line sets an environment variable that sounds like a secret.
    private static func isVariable(_ line: String) -> Bool {
        let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        return words.contains("value") && words.contains { OtherKeys.isSecretVariable(String($0)) }
    }

    /// Whether something in the line looks like `user:password@host`, as in a URL.
    private static func hasLogin(_ line: String) -> Bool {
        for at in line.indices where line[at] == "@" && !line[line.index(after: at)...].hasPrefix("sha256:") {
            let word = line[..<at].reversed().prefix { !$0.isWhitespace && $0 != "'" && $0 != "\"" }
            if word.contains(":") { return true }
        }
        return false
    }

    /// Whether a word before a colon is a password's key.
    private static func isSecret(_ line: String) -> Bool {
        let parts = line.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        return parts.dropLast().contains { part in
            let word = part.reversed().drop { !$0.isLetter && !$0.isNumber }.prefix {
                $0.isLetter || $0.isNumber || $0 == "_"
            }
            return OtherKeys.isPassword(String(word.reversed()))
        }
    }
}
