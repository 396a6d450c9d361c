// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Reads the `Warning` header: `299 - "text"`, several separated by commas.
enum WarningHeader {
    /// The texts of a header's warnings; those in another form are given as they are.
    static func texts(_ header: String) -> [String] {
        var texts: [String] = []
        var text = ""
        var isQuoted = false
        var isEscaped = false
        for character in header {
            if !isQuoted {
                isQuoted = character == "\""
            } else if isEscaped {
                text.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                texts.append(text)
                text = ""
                isQuoted = false
            } else {
                text.append(character)
            }
        }
        return texts.isEmpty && !header.isEmpty ? [header] : texts
    }
}
