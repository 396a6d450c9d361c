// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Pipelines and their commands.
extension Evaluator {
    func evaluate(_ pipeline: Pipeline, dot: GoValue) throws -> GoValue {
        node = pipeline.node
        var value: GoValue?
        for command in pipeline.commands {
            value = try evaluate(command, dot: dot, final: value).unwrapped
        }
        let result = value ?? .invalid
        for variable in pipeline.variables { try set(variable, result) }
        return result
    }

    func evaluate(_ command: Command, dot: GoValue, final: GoValue?) throws -> GoValue {
        let arguments = command.arguments[1...]
        let head = command.arguments[0]
        switch head {
        case .field(let node, let names):
            self.node = node
            return try fields(
                names, of: dot, boxed: isDotBoxed, at: node, arguments: arguments, final: final, dot: dot)
        case .chain(let node, let operand, let names):
            return try chain(node, operand, names, arguments: arguments, final: final, dot: dot)
        case .function(let node, let function):
            self.node = node
            return try call(function, at: command.node, arguments, final: final, dot: dot)
        case .pipeline(let pipeline):
            try refuseArguments(arguments, final, head)
            return try evaluate(pipeline, dot: dot)
        case .variable(let node, let variable, let names):
            return try self.variable(node, variable, names, arguments: arguments, final: final, dot: dot)
        default: break
        }
        node = head.node
        try refuseArguments(arguments, final, head)
        switch head {
        case .bool(_, let value): return .bool(value)
        case .number(_, let literal): return try ideal(literal)
        case .string(_, let value, _): return .string(value)
        case .nilLiteral: throw failure("nil is not a command")
        default: return dot
        }
    }

    func refuseArguments(_ arguments: ArraySlice<Operand>, _ final: GoValue?, _ head: Operand) throws {
        guard arguments.isEmpty, final == nil else {
            throw failure("can't give argument to non-function \(TemplateFile.text(head).text)")
        }
    }

    func ideal(_ literal: NumberLiteral) throws -> GoValue {
        switch literal.ideal {
        case .value(let value): return value
        case .overflow: throw failure("\(literal.text.text) overflows int")
        }
    }
}
