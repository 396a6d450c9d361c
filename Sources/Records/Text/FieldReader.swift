// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Values

/// Reads the fields of a record's JSON, naming the field in every error.
struct FieldReader {
    /// What is wrong with a field.
    struct Problem: Error {
        /// The sentence, without the record's name.
        var message: String
    }

    let value: Value
    let path: String

    init(_ value: Value, path: String = "") throws(Problem) {
        guard value.mapping != nil else {
            throw Problem(message: "\(path.isEmpty ? "the record" : path) is \(value.kindName), not an object")
        }
        self.value = value
        self.path = path
    }

    private func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private func mistyped(_ key: String, _ wanted: String) -> Problem {
        guard let found = value[key] else { return Problem(message: "\(place(key)) is missing") }
        return Problem(message: "\(place(key)) is \(found.kindName), not \(wanted)")
    }

    func string(_ key: String) throws(Problem) -> String {
        guard let text = value[key]?.string else { throw mistyped(key, "string") }
        return text
    }

    func optionalString(_ key: String) throws(Problem) -> String? {
        guard let found = value[key], !found.isNull else { return nil }
        guard let text = found.string else { throw mistyped(key, "string") }
        return text
    }

    func int(_ key: String) throws(Problem) -> Int {
        guard let number = value[key]?.int else { throw mistyped(key, "integer") }
        return Int(number)
    }

    func optionalInt(_ key: String) throws(Problem) -> Int? {
        guard let found = value[key], !found.isNull else { return nil }
        guard let number = found.int else { throw mistyped(key, "integer") }
        return Int(number)
    }

    func bool(_ key: String) throws(Problem) -> Bool {
        guard let found = value[key], !found.isNull else { return false }
        guard let bool = found.bool else { throw mistyped(key, "boolean") }
        return bool
    }

    func optionalTime(_ key: String) throws(Problem) -> Timestamp? {
        guard let text = try optionalString(key) else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw Problem(message: "\(place(key)) is not a time: \(text)")
        }
        return time
    }

    func time(_ key: String) throws(Problem) -> Timestamp {
        guard let time = try optionalTime(key) else { throw mistyped(key, "string") }
        return time
    }

    func word<Word: RawRepresentable>(_ key: String, _ type: Word.Type) throws(Problem) -> Word
    where Word.RawValue == String {
        let text = try string(key)
        guard let word = Word(rawValue: text) else {
            throw Problem(message: "\(place(key)) holds '\(text)', which this version does not know")
        }
        return word
    }

    func strings(_ key: String) throws(Problem) -> [String] {
        guard let found = value[key], !found.isNull else { return [] }
        guard let array = found.array else { throw mistyped(key, "array") }
        var texts: [String] = []
        for element in array {
            guard let text = element.string else { throw Problem(message: "\(place(key)) holds more than strings") }
            texts.append(text)
        }
        return texts
    }

    func list<Element>(
        _ key: String, _ read: (FieldReader) throws(Problem) -> Element
    ) throws(Problem) -> [Element] {
        guard let found = value[key], !found.isNull else { return [] }
        guard let array = found.array else { throw mistyped(key, "array") }
        var elements: [Element] = []
        for (index, element) in array.enumerated() {
            elements.append(try read(try FieldReader(element, path: "\(place(key))[\(index)]")))
        }
        return elements
    }

    func object<Element>(
        _ key: String, _ read: (FieldReader) throws(Problem) -> Element
    ) throws(Problem) -> Element? {
        guard let found = value[key], !found.isNull else { return nil }
        return try read(try FieldReader(found, path: place(key)))
    }
}

extension Mapping {
    /// Sets a key unless there is nothing to say: records leave empty fields out.
    mutating func set(_ key: String, _ text: String?) {
        if let text, !text.isEmpty { self[key] = .string(text) }
    }

    /// Sets a time unless there is none.
    mutating func set(_ key: String, _ time: Timestamp?) { set(key, time?.rfc3339) }

    /// Sets a number unless there is none.
    mutating func set(_ key: String, _ number: Int?) {
        if let number { self[key] = .int(Int64(number)) }
    }

    /// Sets a flag only where it is true.
    mutating func set(_ key: String, _ flag: Bool) {
        if flag { self[key] = .bool(true) }
    }

    /// Sets a list unless it is empty.
    mutating func set(_ key: String, _ elements: [Value]) {
        if !elements.isEmpty { self[key] = .array(elements) }
    }

    /// Sets a list of texts unless it is empty.
    mutating func set(_ key: String, _ texts: [String]) { set(key, texts.map(Value.string)) }
}
