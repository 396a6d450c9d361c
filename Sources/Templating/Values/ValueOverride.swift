// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A value given on its own, such as `--set` on a command line.
public struct ValueOverride: Sendable, Hashable {
    /// How the text is read.
    public enum Kind: Sendable, Hashable {
        /// `--set`: `a.b=1,c={x,y}`; numbers, bools and null are recognised.
        case set
        /// `--set-string`: as `set`, but every value is a string.
        case string
        /// `--set-json`: `a.b={"c":1}`, or one JSON object.
        case json
        /// `--set-literal`: everything after the first `=` is one string.
        case literal
    }

    /// How the text is read.
    public var kind: Kind
    /// What is set, and to what.
    public var text: String

    /// An override.
    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// Sets the value in a map.
    func apply(to map: GoMap) throws(ChartError) {
        var setter = ValueSetter(text, kind: kind)
        try setter.apply(to: map)
    }
}
