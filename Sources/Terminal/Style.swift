// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The few colours of the program: what is well, what is wrong, what is secondary.
public enum Style: String, Sendable, CaseIterable {
    /// Done, ready.
    case good = "32"
    /// In progress, or worth a look.
    case caution = "33"
    /// Failed.
    case bad = "31"
    /// Secondary.
    case faint = "2"
    /// A heading.
    case strong = "1"

    /// The text in the style, or as it is where colours are off.
    public func applied(to text: String, enabled: Bool) -> String {
        enabled ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
