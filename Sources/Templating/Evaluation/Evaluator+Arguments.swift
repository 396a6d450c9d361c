// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Arguments, checked against what a function takes as Go checks them.
extension Evaluator {
    /// An argument for a parameter of `type`; no type takes everything.
    func argument(_ operand: Operand, as type: GoType?, dot: GoValue) throws -> GoValue {
        node = operand.node
        switch operand {
        case .dot: return try check(dot, boxed: isDotBoxed, as: type)
        case .nilLiteral:
            guard let type, type.canBeNil else { throw failure("cannot assign nil to \(type?.name ?? "<nil>")") }
            return .null
        case .field(let node, let names):
            let value = try fields(names, of: dot, boxed: isDotBoxed, at: node, arguments: [], final: nil, dot: dot)
            return try check(value, boxed: true, as: type)
        case .variable(let node, let variable, let names):
            let value = try self.variable(node, variable, names, arguments: [], final: nil, dot: dot)
            return try check(value, boxed: true, as: type)
        case .pipeline(let pipeline):
            return try check(try evaluate(pipeline, dot: dot), boxed: false, as: type)
        case .function(let node, let function):
            return try check(try call(function, at: node, [], final: nil, dot: dot), boxed: true, as: type)
        case .chain(let node, let operand, let names):
            let value = try chain(node, operand, names, arguments: [], final: nil, dot: dot)
            return try check(value, boxed: true, as: type)
        case .bool(_, let value): return try constant(.bool(value), operand, as: type)
        case .string(_, let value, _): return try constant(.string(value), operand, as: type)
        case .number(_, let literal):
            switch type {
            case .int:
                guard let integer = literal.integer else { break }
                return .int(Int(integer))
            case .int64:
                guard let integer = literal.integer else { break }
                return .int64(integer)
            case .uint64:
                guard let unsigned = literal.unsigned else { break }
                return .uint64(unsigned)
            case .float64:
                guard let float = literal.float else { break }
                return .float64(float)
            default: break
            }
            return try constant(try ideal(literal), operand, as: type)
        }
    }

    private func constant(_ value: GoValue, _ operand: Operand, as type: GoType?) throws -> GoValue {
        guard let type else { throw failure("can't evaluate field of a constant") }
        let expected: String
        switch type {
        case .interface, .anything: return value
        case .bool:
            if case .bool = value { return value }
            expected = "bool"
        case .string:
            if case .string = value { return value }
            expected = "string"
        case .int, .int64: expected = "integer"
        case .uint64: expected = "unsigned integer"
        case .float64: expected = "float"
        default: throw failure("can't handle \(TemplateFile.text(operand).text) for arg of type \(type.name)")
        }
        throw failure("expected \(expected); found \(TemplateFile.text(operand).text)")
    }

    /// A value for a parameter of `type`, or Go's words about why not.
    func check(_ value: GoValue, boxed: Bool, as type: GoType?) throws -> GoValue {
        guard let type else { return value }
        switch (type, value) {
        case (.interface, _), (.anything, _): return value
        case (.string, .string), (.int, .int), (.bool, .bool), (.int64, .int64), (.float64, .float64): return value
        case (_, .invalid):
            guard type.canBeNil else { throw failure("invalid value; expected \(type.name)") }
            return .null
        case (_, .null):
            // A nil interface is a value of its own type, which nothing but interfaces takes.
            guard boxed else { return .null }
            throw failure("wrong type for value; expected \(type.name); got interface {}")
        default:
            guard let other = value.type, type.accepts(other) else {
                throw failure("wrong type for value; expected \(type.name); got \(value.typeName)")
            }
            return value
        }
    }
}
