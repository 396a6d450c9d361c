// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI

/// A change that the server refuses because the field cannot be changed in place (I-1).
///
/// A namesake with another uid answers with the same words on `metadata.uid`: that is no immutable field, and replacing
/// the object would delete a stranger's.
struct Immutability: Equatable {
    /// The field; empty where the server only wrote a sentence.
    var field: String
    /// The server's words.
    var message: String

    private static let words = [
        "field is immutable", "is immutable after creation", "may not change once set", "cannot be changed",
        "field can not be less than previous value", "cannot change roleRef", "may not be changed", "may not change",
        "updates to statefulset spec for fields other than", "is immutable",
    ]

    /// Recognises the refusal; nil for every other one.
    init?(_ error: APIError) {
        guard !error.isStaleObject else { return nil }
        let isRefusal = error.reason == .invalid || error.reason == .forbidden || error.reason == .badRequest
        guard isRefusal else { return nil }
        let causes = error.causes.filter { cause in Self.words.contains { cause.message.contains($0) } }
        if let cause = causes.first {
            field = cause.field
            message = cause.message
        } else if Self.words.contains(where: { error.message.contains($0) }) {
            field = ""
            message = error.message
        } else {
            return nil
        }
    }
}
