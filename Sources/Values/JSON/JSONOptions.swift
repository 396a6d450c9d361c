// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a JSON reader accepts.
public struct JSONReadingOptions: Sendable {
    /// The greatest depth of nested arrays and objects.
    public var depthLimit = 500
    /// What happens to what is nested deeper than that.
    public var deepValues = DeepValues.refused
    /// What happens to a key that stands twice in one object.
    public var duplicateKeys = DuplicateKeys.lastWins

    /// What happens to what is nested deeper than the limit.
    public enum DeepValues: Sendable {
        /// The text is refused.
        case refused
        /// It is read as null: one document among many must not keep the others from being read.
        case leftOut
    }

    /// What happens to a key that stands twice in one object.
    public enum DuplicateKeys: Sendable {
        /// The last value counts, as in Go.
        case lastWins
        /// The text is refused.
        case refused
    }

    /// The options of a lenient reader: what Go's `encoding/json` accepts.
    public init() {}
}

/// How JSON text is laid out.
public struct JSONWritingOptions: Sendable {
    /// The number of blanks a level is indented by; nil for one line.
    public var indentation: Int?
    /// Whether keys are sorted by their bytes instead of standing in their order.
    public var sortedKeys = false
    /// Whether `<`, `>`, `&`, U+2028 and U+2029 are escaped, as Go's `encoding/json` does.
    public var escapesHTML = false

    /// One line, keys in their order.
    public static let compact = JSONWritingOptions()
    /// One line, keys sorted: equal values give equal bytes.
    public static let canonical = JSONWritingOptions(sortedKeys: true)
    /// Two blanks a level, keys in their order.
    public static let pretty = JSONWritingOptions(indentation: 2)

    /// Makes options.
    public init(indentation: Int? = nil, sortedKeys: Bool = false, escapesHTML: Bool = false) {
        self.indentation = indentation
        self.sortedKeys = sortedKeys
        self.escapesHTML = escapesHTML
    }
}
