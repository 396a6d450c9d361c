// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Calls of functions and methods.
extension Evaluator {
    func call(
        _ function: Function, at node: NodeIndex, _ arguments: ArraySlice<Operand>, final: GoValue?, dot: GoValue
    ) throws -> GoValue {
        try check(function.signature, function.name, arguments.count, final)
        if case .stopping(let atTrue) = function.evaluation {
            var value = GoValue.invalid
            for operand in arguments {
                value = try argument(operand, as: .anything, dot: dot)
                if value.isTrue == atTrue { return value }
            }
            return final ?? value
        }
        let values = try self.arguments(function.signature, arguments, final, dot: dot)
        try step()
        do {
            if function.walksArguments {
                for value in values { try measure(value) }
            }
            let result = try function.body(self, values)
            if case .string(let text) = result { try allow(bytes: text.count) }
            return result
        } catch {
            self.node = node
            if case .callee = function.evaluation, let head = arguments.first {
                throw failure(calling: function.name, error, callee: TemplateFile.calleeText(head).text)
            }
            throw failure(calling: function.name, error)
        }
    }

    func call(
        _ method: Method, _ name: Bytes, at node: NodeIndex, _ arguments: ArraySlice<Operand>, final: GoValue?,
        dot: GoValue
    ) throws -> GoValue {
        try check(method.signature, name.text, arguments.count, final)
        let values = try self.arguments(method.signature, arguments, final, dot: dot)
        do {
            return try method.body(values)
        } catch {
            self.node = node
            throw failure(calling: name.text, error)
        }
    }

    private func check(_ signature: Signature, _ name: String, _ given: Int, _ final: GoValue?) throws {
        let total = given + (final == nil ? 0 : 1)
        let wanted = signature.parameters.count
        if signature.variadic != nil {
            guard total >= wanted else {
                throw failure("wrong number of args for \(name): want at least \(wanted) got \(given)")
            }
        } else if total != wanted {
            throw failure("wrong number of args for \(name): want \(wanted) got \(total)")
        }
    }

    private func arguments(
        _ signature: Signature, _ operands: ArraySlice<Operand>, _ final: GoValue?, dot: GoValue
    ) throws -> [GoValue] {
        var values: [GoValue] = []
        values.reserveCapacity(operands.count + 1)
        for operand in operands {
            values.append(try argument(operand, as: signature.type(ofParameter: values.count), dot: dot).argument)
        }
        if let final {
            values.append(try check(final, boxed: false, as: signature.type(ofParameter: values.count)).argument)
        }
        return values
    }
}
