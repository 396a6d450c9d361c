// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a schema has against a value.
struct SchemaError: Equatable {
    /// Where in the values, as a JSON pointer.
    var pointer: String
    var message: String
    /// For `anyOf` and the like, what each alternative has against it.
    var causes: [SchemaError] = []

    /// The lines of Helm's message.
    func lines(indent: String = "") -> [String] {
        ["\(indent)- at '\(pointer)': \(message)"] + causes.flatMap { $0.lines(indent: indent + "  ") }
    }
}
