// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension StructuralSchema {
    /// What is wrong with an object, in the API's words.
    func problems(in object: Value) -> [FieldError] {
        var validator = CustomResourceValidator()
        validator.visit(object, type, FieldPath())
        validator.visitLists(object, type, FieldPath())
        return validator.errors
    }
}

/// Checks values against the rules of a structural schema.
struct CustomResourceValidator {
    private(set) var errors: [FieldError] = []

    private mutating func add(_ error: FieldError) { errors.append(error) }

    mutating func visit(_ value: Value, _ type: TypeSchema, _ path: FieldPath) {
        guard let rules = type.rules else { return }
        if value.isNull, rules.isNullable { return }
        if let expected = Self.mismatch(value, rules) {
            let name = Self.typeName(value)
            return add(
                FieldError(
                    .typeInvalid, path.description, badValue: Value.string(name).jsonString(),
                    detail: "\(Self.subject(path)) must be of type \(expected): \(Value.string(name).jsonString())"))
        }
        checkValue(value, rules, path)
        if let mapping = value.mapping {
            checkSize(mapping.count, rules.bounds.properties, "properties", path)
            for name in rules.required where !mapping.contains(name) { add(.required(path[name])) }
        }
        if let elements = value.array { checkSize(elements.count, rules.bounds.items, "items", path) }
        switch (type.shape, value) {
        case (.object(let object), .mapping(let mapping)):
            for (name, child) in mapping.sortedByKey {
                guard let childType = object.type(of: name) else { continue }
                visit(child, childType, path[name])
            }
        case (.list(let list), .array(let elements)):
            for (index, element) in elements.enumerated() { visit(element, list.element, path[index]) }
        default: break
        }
        checkJunctions(value, rules, path)
    }

    /// Elements of sets and maps must differ.
    mutating func visitLists(_ value: Value, _ type: TypeSchema, _ path: FieldPath) {
        switch (type.shape, value) {
        case (.object(let object), .mapping(let mapping)):
            for (name, child) in mapping.sortedByKey {
                guard let childType = object.type(of: name), childType.rules != nil else { continue }
                visitLists(child, childType, path[name])
            }
        case (.list(let list), .array(let elements)):
            var seen: Set<PathElement> = []
            for (index, element) in elements.enumerated() {
                if let step = list.step(of: element), !seen.insert(step).inserted {
                    var shown = element
                    if case .key(let fields) = step { shown = .mapping(Mapping(fields.map { ($0.name, $0.value) })) }
                    add(.duplicate(path[index], shown))
                }
                visitLists(element, list.element, path[index])
            }
        default: break
        }
    }

    /// The types that were expected when the value is of another one; nil when it fits.
    private static func mismatch(_ value: Value, _ rules: ValueRules) -> String? {
        if rules.isIntOrString {
            switch value {
            case .int, .string: return nil
            default: return "integer,string"
            }
        }
        guard let expected = rules.type else { return nil }
        switch (expected, value) {
        case ("object", .mapping), ("array", .array), ("string", .string), ("boolean", .bool), ("integer", .int),
            ("number", .int), ("number", .double):
            return nil
        case ("integer", .double(let number)): return number.rounded() == number ? nil : expected
        default: return expected
        }
    }

    private static func typeName(_ value: Value) -> String {
        switch value {
        case .double: "number"
        default: value.kindName
        }
    }

    private static func subject(_ path: FieldPath) -> String { path.description + " in body" }

    private mutating func checkValue(_ value: Value, _ rules: ValueRules, _ path: FieldPath) {
        let subject = Self.subject(path)
        if !rules.allowedValues.isEmpty, !rules.allowedValues.contains(where: { $0.isNumericallyEqual(to: value) }) {
            add(.notSupported(path, value, rules.allowedValues.map { $0.string ?? $0.jsonString() }))
        }
        switch value {
        case .string(let text):
            let length = Int64(text.unicodeScalars.count)
            if let minimum = rules.bounds.length.minimum, length < minimum {
                add(.invalid(path, value, "\(subject) should be at least \(minimum) chars long"))
            }
            if let maximum = rules.bounds.length.maximum, length > maximum {
                add(.tooLong(path, limit: Int(maximum)))
            }
            if let pattern = rules.pattern, !Pattern.matches(text, pattern) {
                add(.invalid(path, value, "\(subject) should match '\(pattern)'"))
            }
            if let format = rules.format, !TextFormat.isValid(text, format) {
                add(
                    .invalid(
                        path, value, "\(subject) must be of type \(format): \(Value.string(text).jsonString())"))
            }
        case .int, .double: checkNumber(value, rules.bounds, path)
        default: break
        }
    }

    private mutating func checkNumber(_ value: Value, _ bounds: ValueRules.Bounds, _ path: FieldPath) {
        guard let number = value.double else { return }
        let subject = Self.subject(path)
        if let limit = bounds.minimum, let minimum = limit.double {
            let isBelow = bounds.isMinimumExclusive ? number <= minimum : number < minimum
            let words = bounds.isMinimumExclusive ? "greater than" : "greater than or equal to"
            if isBelow { add(.invalid(path, value, "\(subject) should be \(words) \(limit.jsonString())")) }
        }
        if let limit = bounds.maximum, let maximum = limit.double {
            let isAbove = bounds.isMaximumExclusive ? number >= maximum : number > maximum
            let words = bounds.isMaximumExclusive ? "less than" : "less than or equal to"
            if isAbove { add(.invalid(path, value, "\(subject) should be \(words) \(limit.jsonString())")) }
        }
        if let factor = bounds.multipleOf, let divisor = factor.double, divisor != 0,
            number.truncatingRemainder(dividingBy: divisor) != 0
        {
            add(.invalid(path, value, "\(subject) should be a multiple of \(factor.jsonString())"))
        }
    }

    private mutating func checkSize(
        _ count: Int, _ bounds: ValueRules.SizeBounds, _ what: String, _ path: FieldPath
    ) {
        if let minimum = bounds.minimum, count < minimum {
            add(.invalid(path, .int(Int64(count)), "\(Self.subject(path)) should have at least \(minimum) \(what)"))
        }
        if let maximum = bounds.maximum, count > maximum {
            add(.tooMany(path, count: count, limit: Int(maximum)))
        }
    }

    private mutating func checkJunctions(_ value: Value, _ rules: ValueRules, _ path: FieldPath) {
        func fits(_ type: TypeSchema) -> Bool {
            var validator = CustomResourceValidator()
            validator.visit(value, type, path)
            return validator.errors.isEmpty
        }
        let name = Value.string(path.description).jsonString()
        if !rules.junctions.any.isEmpty, !rules.junctions.any.contains(where: fits) {
            add(.invalid(path, value, "\(name) must validate at least one schema (anyOf)"))
        }
        if !rules.junctions.one.isEmpty {
            let count = rules.junctions.one.count(where: fits)
            if count != 1 {
                let found = count == 0 ? "Found none valid" : "Found \(count) valid alternatives"
                add(.invalid(path, value, "\(name) must validate one and only one schema (oneOf). \(found)"))
            }
        }
        for type in rules.junctions.all { visit(value, type, path) }
        if rules.junctions.not.contains(where: fits) {
            add(.invalid(path, value, "\(name) must not validate the schema (not)"))
        }
    }
}
