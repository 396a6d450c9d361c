// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Terminal

/// A description in KubeFATE's layout: names on the left, values in one column, further lines of a value below it.
struct Fields: Sendable {
    private static let width = 16
    private(set) var lines: [String] = []

    /// Adds a value of one line; control characters are escaped.
    mutating func add(_ name: String, _ value: String) { add(name, [value]) }

    /// Adds a value of several lines; nothing is shown of an empty one but its name.
    mutating func add(_ name: String, _ values: [String]) {
        for (index, value) in (values.isEmpty ? [""] : values).enumerated() {
            let left = index == 0 ? name : ""
            let padding = String(repeating: " ", count: max(Self.width - left.count, 1))
            var line = left + padding + escapedForTerminal(value)
            while line.last == " " { line.removeLast() }
            lines.append(line)
        }
    }
}
