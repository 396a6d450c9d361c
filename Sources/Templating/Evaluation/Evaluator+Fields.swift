// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Variables, fields and methods of values.
extension Evaluator {
    func variable(
        _ node: NodeIndex, _ variable: VariableReference, _ names: [Bytes], arguments: ArraySlice<Operand>,
        final: GoValue?, dot: GoValue
    ) throws -> GoValue {
        self.node = node
        guard let slot = variable.slot else { throw failure("undefined variable: \(variable.name.text)") }
        let found = frames[slot]
        if names.isEmpty {
            try refuseArguments(arguments, final, .variable(node, variable, names))
            return found.value
        }
        return try fields(
            names, of: found.value, boxed: found.isBoxed, at: node, arguments: arguments, final: final, dot: dot)
    }

    func chain(
        _ node: NodeIndex, _ operand: Operand, _ names: [Bytes], arguments: ArraySlice<Operand>, final: GoValue?,
        dot: GoValue
    ) throws -> GoValue {
        self.node = node
        let receiver = try argument(operand, as: nil, dot: dot)
        return try fields(names, of: receiver, boxed: false, at: node, arguments: arguments, final: final, dot: dot)
    }

    func fields(
        _ names: [Bytes], of receiver: GoValue, boxed: Bool, at node: NodeIndex, arguments: ArraySlice<Operand>,
        final: GoValue?, dot: GoValue
    ) throws -> GoValue {
        var value = receiver
        var isBoxed = boxed
        for name in names.dropLast() {
            (value, isBoxed) = try field(name, of: value, boxed: isBoxed, at: node, arguments: [], final: nil, dot: dot)
        }
        return try field(
            names[names.count - 1], of: value, boxed: isBoxed, at: node, arguments: arguments, final: final, dot: dot
        ).value
    }

    /// One field or method, and whether its static type is an interface.
    private func field(
        _ name: Bytes, of receiver: GoValue, boxed: Bool, at node: NodeIndex, arguments: ArraySlice<Operand>,
        final: GoValue?, dot: GoValue
    ) throws -> (value: GoValue, boxed: Bool) {
        switch receiver {
        case .invalid: return (.invalid, false)
        case .null: throw failure("nil pointer evaluating interface {}.\(name.text)")
        case .map(let map):
            if let method = map.method(name) {
                return (try call(method, name, at: node, arguments, final: final, dot: dot), false)
            }
            guard arguments.isEmpty, final == nil else {
                throw failure("\(name.text) is not a method but has arguments")
            }
            return (map[name] ?? map.zero, map.type.isMapOfAnything)
        case .object(let object):
            if let method = object.method(name) {
                return (try call(method, name, at: node, arguments, final: final, dot: dot), false)
            }
            if let value = object.field(name) {
                guard arguments.isEmpty, final == nil else {
                    throw failure("\(name.text) has arguments but cannot be invoked as function")
                }
                return (value, false)
            }
        default: break
        }
        let type = boxed ? "interface {}" : receiver.typeName
        throw failure("can't evaluate field \(name.text) in type \(type)")
    }
}
