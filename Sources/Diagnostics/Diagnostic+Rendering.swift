// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Diagnostic {
    /// The text for people: `error: file:line:column: message`, the line with a caret, notes and the hint.
    ///
    /// No colour and no final newline; control characters of the excerpt are shown as dots, so that an input cannot
    /// drive the terminal.
    public func rendered() -> String {
        var text = "\(severity.rawValue): "
        if let location { text += "\(location): " }
        text += Self.printable(message)
        if let location { text += Self.excerpt(location) }
        for note in notes {
            text += "\n  note: "
            if let place = note.location { text += "\(place): " }
            text += Self.printable(note.message)
        }
        if let hint { text += "\n  hint: \(Self.printable(hint))" }
        return text
    }

    private static func excerpt(_ location: SourceLocation) -> String {
        guard let line = location.excerpt, location.line > 0 else { return "" }
        let widest = 160
        let shown = line.prefix(widest)
        var text = "\n  \(printable(String(shown)))"
        if location.column > 0, location.column <= shown.count + 1 {
            // A tab before the caret stays one column wide, because printable() shows it as one blank.
            text += "\n  " + String(repeating: " ", count: location.column - 1) + "^"
        }
        return text
    }

    private static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A: result.unicodeScalars.append(scalar)
            case 0x09: result += " "
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: result += "·"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
