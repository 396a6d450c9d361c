// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a terminal shows after a text was written to it: the few sequences that the program uses.
struct Screen {
    /// The lines from the first that was written, without colours.
    private(set) var lines: [String] = [""]
    /// The longest line that was ever shown.
    private(set) var widest = 0
    /// How often the cursor went up.
    private(set) var redraws = 0
    /// Sequences that this terminal does not know.
    private(set) var unknown: [String] = []
    private var row = 0
    private var column = 0

    init(_ text: String) {
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\r": column = 0
            case "\n": down()
            case "\u{1B}" where rest.first == "[":
                rest.removeFirst()
                let parameters = String(String.UnicodeScalarView(rest.prefix { !("@"..."~").contains($0) }))
                rest = rest.dropFirst(parameters.unicodeScalars.count)
                if let final = rest.popFirst() { obey(final, parameters) }
            default: put(Character(scalar))
            }
        }
    }

    /// Everything that is on the screen.
    var text: String { lines.joined(separator: "\n") }

    /// The lines that begin with a word.
    func rows(of word: String) -> [String] { lines.filter { $0.hasPrefix(word + " ") } }

    private mutating func down() {
        row += 1
        if row == lines.count { lines.append("") }
    }

    private mutating func put(_ character: Character) {
        var line = Array(lines[row])
        while line.count <= column { line.append(" ") }
        line[column] = character
        column += 1
        lines[row] = String(line)
        widest = max(widest, line.count)
    }

    private mutating func obey(_ final: Unicode.Scalar, _ parameters: String) {
        switch final {
        case "m": break
        case "A":
            redraws += 1
            row = max(0, row - (Int(parameters) ?? 1))
        case "K": lines[row] = parameters == "2" ? "" : String(lines[row].prefix(column))
        case "J":
            lines[row] = String(lines[row].prefix(column))
            lines.removeSubrange((row + 1)...)
        default: unknown.append(parameters + String(final))
        }
    }
}
