// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A few lines at the bottom of a terminal that are redrawn in place.
///
/// A value that turns states into the bytes to write: nothing here writes. Lines are cut to the width, so that a redraw
/// never has to guess how a terminal wrapped them; only lines that changed are sent.
public struct LiveRegion: Sendable {
    private var shown: [String] = []

    /// An empty region.
    public init() {}

    /// The bytes that turn what is shown into `lines`, at most `width` columns and `height` rows of them.
    public mutating func redraw(_ lines: [String], width: Int, height: Int) -> String {
        var next = lines.map { Self.cut($0, to: max(width - 1, 10)) }
        let room = max(height - 1, 1)
        if next.count > room {
            let more = "… \(next.count - room + 1) more"
            next = Array(next.prefix(room - 1)) + [more]
        }
        var output = shown.isEmpty ? "" : "\u{1B}[\(shown.count)A"
        for (row, line) in next.enumerated() {
            output += shown.indices.contains(row) && shown[row] == line ? "\n" : "\r\u{1B}[2K\(line)\n"
        }
        if next.count < shown.count {
            output += String(repeating: "\u{1B}[2K\n", count: shown.count - next.count)
            output += "\u{1B}[\(shown.count - next.count)A"
        }
        shown = next
        return output
    }

    /// The bytes that put `text` above the region, where it scrolls away like ordinary output.
    public mutating func insert(above text: String, width: Int, height: Int) -> String {
        let lines = shown
        var output = shown.isEmpty ? "" : "\u{1B}[\(shown.count)A\u{1B}[0J"
        output += text + "\n"
        shown = []
        output += redraw(lines, width: width, height: height)
        return output
    }

    /// Leaves what is shown behind: the next redraw starts below it.
    public mutating func finish() { shown = [] }

    /// Cuts a line to a number of columns, of which colour sequences take none.
    static func cut(_ line: String, to width: Int) -> String {
        var columns = 0
        var result = ""
        var inSequence = false
        var wasCut = false
        for character in line {
            if character == "\u{1B}" { inSequence = true }
            if inSequence {
                result.append(character)
                if character == "m" { inSequence = false }
                continue
            }
            if !wasCut, columns + character.columns <= width {
                result.append(character)
                columns += character.columns
            } else {
                wasCut = true
            }
        }
        guard wasCut else { return line }
        return result
    }
}
