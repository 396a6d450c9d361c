// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What happens to unknown and repeated fields in a request: the query parameter `fieldValidation`.
enum FieldValidation: String, Sendable {
    /// They are dropped without a word.
    case ignore = "Ignore"
    /// They are dropped with a warning.
    case warn = "Warn"
    /// They are errors.
    case strict = "Strict"
}
