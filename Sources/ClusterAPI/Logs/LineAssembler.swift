// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Makes lines of chunks that end anywhere.
struct LineAssembler {
    private let longestLine: Int
    private var partial: [UInt8] = []

    /// Longer lines are cut into several, so that a log without line ends cannot fill the memory.
    init(longestLine: Int = 1 << 20) {
        self.longestLine = longestLine
    }

    /// The lines that end in this chunk, without their ends.
    mutating func lines(in chunk: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = chunk.startIndex
        while let end = chunk[start...].firstIndex(of: UInt8(ascii: "\n")) {
            partial += chunk[start..<end]
            if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
            lines.append(partial)
            partial = []
            start = end + 1
        }
        partial += chunk[start...]
        while partial.count > longestLine {
            lines.append(Array(partial.prefix(longestLine)))
            partial.removeFirst(longestLine)
        }
        return lines
    }

    /// The last line, when it had no end.
    mutating func rest() -> [UInt8]? {
        defer { partial = [] }
        return partial.isEmpty ? nil : partial
    }
}
