// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// A JSON patch (RFC 6902) as the API server takes it.
public struct JSONPatch: Sendable {
    private enum Action: Sendable {
        case add(Value)
        case remove
        case replace(Value)
        case test(Value)
        case move(from: JSONPointer)
        case copy(from: JSONPointer)
    }

    private struct Operation: Sendable {
        let action: Action
        let path: JSONPointer
    }

    private let operations: [Operation]

    /// The greatest number of operations.
    static let operationLimit = 10_000

    /// Reads a patch.
    ///
    /// Throws a `StatusError`: 400 when the document is no list of operations, 413 when there are too many.
    public init(_ document: Value) throws(StatusError) {
        guard let list = document.array else {
            throw .badRequest(
                "error decoding patch: json: cannot unmarshal \(document.goKind) into Go value of type []handlers.jsonPatchOp"
            )
        }
        guard list.count <= Self.operationLimit else {
            throw StatusError(
                code: 413, reason: "RequestEntityTooLarge",
                message: "Request entity too large: The allowed maximum operations in a JSON patch is "
                    + "\(Self.operationLimit), got \(list.count)")
        }
        var operations: [Operation] = []
        for entry in list {
            guard let name = entry["op"]?.string, let path = entry["path"]?.string.flatMap({ JSONPointer($0) }) else {
                throw .unprocessablePatch()
            }
            let action: Action
            switch name {
            case "add": action = .add(entry["value"] ?? .null)
            case "remove": action = .remove
            case "replace": action = .replace(entry["value"] ?? .null)
            case "test": action = .test(entry["value"] ?? .null)
            case "move", "copy":
                guard let from = entry["from"]?.string.flatMap({ JSONPointer($0) }) else { throw .unprocessablePatch() }
                action = name == "move" ? .move(from: from) : .copy(from: from)
            default: throw .unprocessablePatch()
            }
            operations.append(Operation(action: action, path: path))
        }
        self.operations = operations
    }

    /// The document with every operation carried out; throws a `StatusError` (422) when one cannot be.
    public func applied(to document: Value) throws(StatusError) -> Value {
        var result = document
        for operation in operations {
            guard Self.apply(operation, to: &result) else { throw .unprocessablePatch() }
        }
        return result
    }

    private static func apply(_ operation: Operation, to document: inout Value) -> Bool {
        let path = operation.path.steps[...]
        switch operation.action {
        case .add(let value): return put(value, at: path, in: &document)
        case .remove: return remove(at: path, in: &document) != nil
        case .replace(let value):
            guard find(at: path, in: document) != nil else { return false }
            return put(value, at: path, replacing: true, in: &document)
        case .test(let expected):
            guard let found = find(at: path, in: document) else { return expected.isNull && !path.isEmpty }
            return found.isNumericallyEqual(to: expected)
        case .copy(let from):
            guard let value = find(at: from.steps[...], in: document) else { return false }
            return put(value, at: path, in: &document)
        case .move(let from):
            guard !from.isAbove(operation.path), let value = remove(at: from.steps[...], in: &document) else {
                return false
            }
            return put(value, at: path, in: &document)
        }
    }

    private static func find(at path: ArraySlice<String>, in document: Value) -> Value? {
        guard let step = path.first else { return document }
        switch document {
        case .mapping(let mapping): return mapping[step].flatMap { find(at: path.dropFirst(), in: $0) }
        case .array(let elements):
            guard let index = index(step), elements.indices.contains(index) else { return nil }
            return find(at: path.dropFirst(), in: elements[index])
        default: return nil
        }
    }

    /// Changes the value that holds the last step; false when it is not there or the change is not possible.
    private static func change(
        at path: ArraySlice<String>, in document: inout Value, _ change: (inout Value, String) -> Bool
    ) -> Bool {
        guard let step = path.first else { return false }
        if path.count == 1 { return change(&document, step) }
        switch document {
        case .mapping(var mapping):
            guard var child = mapping[step], Self.change(at: path.dropFirst(), in: &child, change) else { return false }
            mapping[step] = child
            document = .mapping(mapping)
        case .array(var elements):
            guard let index = index(step), elements.indices.contains(index),
                Self.change(at: path.dropFirst(), in: &elements[index], change)
            else { return false }
            document = .array(elements)
        default: return false
        }
        return true
    }

    /// Puts a value in its place; in a list before what is there, or instead of it.
    private static func put(
        _ value: Value, at path: ArraySlice<String>, replacing: Bool = false, in document: inout Value
    ) -> Bool {
        if path.isEmpty {
            document = value
            return true
        }
        return change(at: path, in: &document) { parent, step in
            switch parent {
            case .mapping(var mapping):
                mapping[step] = value
                parent = .mapping(mapping)
            case .array(var elements):
                guard let index = step == "-" ? elements.count : index(step), index <= elements.count else {
                    return false
                }
                // What is replaced was found before.
                elements.replaceSubrange(index..<(replacing ? index + 1 : index), with: [value])
                parent = .array(elements)
            default: return false
            }
            return true
        }
    }

    private static func remove(at path: ArraySlice<String>, in document: inout Value) -> Value? {
        var removed: Value?
        let isDone = change(at: path, in: &document) { parent, step in
            switch parent {
            case .mapping(var mapping):
                removed = mapping.remove(step)
                parent = .mapping(mapping)
            case .array(var elements):
                guard let index = index(step), elements.indices.contains(index) else { return false }
                removed = elements.remove(at: index)
                parent = .array(elements)
            default: return false
            }
            return removed != nil
        }
        return isDone ? removed : nil
    }

    /// The place a step names in a list: digits without a leading zero.
    private static func index(_ step: String) -> Int? {
        guard step.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        guard step == "0" || step.utf8.first != UInt8(ascii: "0") else { return nil }
        return Int(step)
    }
}

extension Value {
    /// Whether two documents are the same to JSON, which knows no difference between `1` and `1.0`.
    func isNumericallyEqual(to other: Value) -> Bool {
        switch (self, other) {
        case (.int, .double), (.double, .int): return double == other.double
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isNumericallyEqual(to: $1) }
        case (.mapping(let left), .mapping(let right)):
            return left.count == right.count
                && left.allSatisfy { key, value in right[key].map { value.isNumericallyEqual(to: $0) } ?? false }
        default: return self == other
        }
    }

    /// What Go's JSON decoder calls a value of this kind in its errors.
    var goKind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int, .double: "number"
        case .string: "string"
        case .array: "array"
        case .mapping: "object"
        }
    }
}
