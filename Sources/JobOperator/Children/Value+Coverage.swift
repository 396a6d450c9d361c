// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension Value {
    /// Whether everything that another value states is here: a server adds defaults, and others their annotations.
    ///
    /// Lists have as many elements as are wanted, in whatever order: what somebody added to one is a difference.
    func covers(_ wanted: Value) -> Bool {
        switch (self, wanted) {
        case (.mapping(let mine), .mapping(let theirs)):
            theirs.allSatisfy { key, value in mine[key]?.covers(value) ?? false }
        case (.array(let mine), .array(let theirs)):
            mine.count == theirs.count && theirs.allSatisfy { wanted in mine.contains { $0.covers(wanted) } }
        default: self == wanted
        }
    }
}
