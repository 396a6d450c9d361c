// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Runs templates: Go's `text/template` execution over resolved nodes, writing bytes.
final class Evaluator {
    /// What `tpl` and `include` see.
    var templates: TemplateSet
    /// What is written.
    var output = Bytes()
    let environment: RenderEnvironment
    /// How often each name is being included right now.
    var includes: [ByteKey: Int] = [:]
    /// Texts that `tpl` has read before.
    var parsedTexts: [ByteKey: TemplateFile] = [:]
    /// Regular expressions that functions have compiled before.
    var regexes: [ByteKey: GoRegex] = [:]

    private var variables: [GoValue] = []
    /// Whether the value came out of an interface (a loop's element): Go's messages name its type so.
    private var isBoxed: [Bool] = []
    private var frame = 0
    private var template: Template
    /// The node messages point at.
    private var node: NodeIndex = 0
    private var isDotBoxed = false
    private var depth = 0
    private var steps = 0
    private let stack: StackLimit

    init(templates: TemplateSet, environment: RenderEnvironment, stack: StackLimit) {
        self.templates = templates
        self.environment = environment
        self.stack = stack
        let file = TemplateFile(name: "gotpl", source: [])
        file.nodes = [(0, .pending)]
        template = Template(name: Bytes("gotpl"), body: [], file: file, slots: 1, isBlank: true)
        idleFile = file
    }

    private let idleFile: TemplateFile

    /// Runs a template on `data` and answers what it writes.
    func render(_ template: Template, _ data: GoValue) throws -> Bytes {
        let outerOutput = output
        let outerDepth = depth
        output = []
        depth = 0
        try execute(template, data.unwrapped)
        let result = output
        output = outerOutput
        depth = outerDepth
        return result
    }

    /// Runs a template on `data`, writing to `output`.
    private func execute(_ callee: Template, _ data: GoValue) throws {
        guard stack.hasRoom else {
            throw GoError("exceeded maximum template depth (\(Self.depthLimit))")
        }
        let outer = (template, node, frame, isDotBoxed)
        // Also after a failure: the call around it tells its own place.
        defer { (template, node, frame, isDotBoxed) = outer }
        frame = variables.count
        template = callee
        isDotBoxed = false
        variables.append(data)
        isBoxed.append(false)
        for _ in 1..<max(1, callee.slots) {
            variables.append(.invalid)
            isBoxed.append(false)
        }
        depth += 1
        _ = try run(callee.body, dot: data)
        depth -= 1
        variables.removeSubrange(frame...)
        isBoxed.removeSubrange(frame...)
    }

    private static let depthLimit = 100_000

    // MARK: Statements

    private enum Flow {
        case normal, breakLoop, continueLoop
    }

    private func run(_ body: [Statement], dot: GoValue) throws -> Flow {
        for statement in body {
            switch statement {
            case .text(let text):
                output += text
            case .action(let node, let pipeline):
                self.node = node
                let value = try evaluate(pipeline, dot: dot)
                if pipeline.variables.isEmpty {
                    self.node = node
                    do {
                        try measure(value)
                    } catch let error as GoError {
                        throw failure(error.message)
                    }
                    GoPrinter.print(value, topLevel: true, into: &output)
                }
            case .conditional(let branch):
                let value = try evaluate(branch.pipeline, dot: dot)
                if value.isTrue {
                    let flow = try run(branch.body, dot: dot)
                    guard case .normal = flow else { return flow }
                } else if let alternative = branch.alternative {
                    let flow = try run(alternative, dot: dot)
                    guard case .normal = flow else { return flow }
                }
            case .with(let branch):
                let flow = try runWith(branch, dot: dot)
                guard case .normal = flow else { return flow }
            case .range(let branch):
                let flow = try runRange(branch, dot: dot)
                guard case .normal = flow else { return flow }
            case .template(let node, let name, let pipeline):
                try call(name, at: node, with: pipeline, dot: dot)
            case .breakLoop: return .breakLoop
            case .continueLoop: return .continueLoop
            }
            try step()
        }
        return .normal
    }

    /// Counts work, so that a hostile chart ends.
    func step(_ count: Int = 1) throws {
        steps += count
        guard steps <= environment.stepLimit, output.count <= environment.outputLimit else {
            throw failure(
                "rendering takes more than \(environment.stepLimit) steps or writes more than \(environment.outputLimit) bytes"
            )
        }
        guard stack.hasRoom else { throw failure("exceeded maximum template depth (\(Self.depthLimit))") }
    }

    private func runWith(_ branch: Branch, dot: GoValue) throws -> Flow {
        let value = try evaluate(branch.pipeline, dot: dot)
        guard value.isTrue else { return try branch.alternative.map { try run($0, dot: dot) } ?? .normal }
        let outer = isDotBoxed
        isDotBoxed = false
        defer { isDotBoxed = outer }
        return try run(branch.body, dot: value)
    }

    private func runRange(_ branch: Branch, dot: GoValue) throws -> Flow {
        let value = try evaluate(branch.pipeline, dot: dot)
        let outer = isDotBoxed
        defer { isDotBoxed = outer }
        var isEmpty = true
        /// Answers whether the loop goes on.
        func iterate(_ key: GoValue, _ element: GoValue, boxed: Bool) throws -> Flow {
            isEmpty = false
            isDotBoxed = boxed
            try bindLoop(branch.pipeline, key, element, boxed: boxed)
            try step()
            return try run(branch.body, dot: element)
        }
        switch value {
        case .list(let list):
            let boxed = list.element == .interface
            for (index, element) in list.items.enumerated() {
                if case .breakLoop = try iterate(.int(index), element, boxed: boxed) { return .normal }
            }
        case .bytes(let bytes):
            for (index, byte) in bytes.enumerated() {
                if case .breakLoop = try iterate(.int(index), .int(Int(byte)), boxed: false) { return .normal }
            }
        case .map(let map):
            let boxed = map.type.underlying == .anyMap
            // The body may change the map: Go walks the keys as they were.
            for (key, element) in zip(map.keys, map.values) {
                if case .breakLoop = try iterate(.string(key), element, boxed: boxed) { return .normal }
            }
        case .int, .int64, .uint64:
            guard branch.pipeline.variables.count < 2 else {
                throw failure("can't use \(GoPrinter.text(value)) to iterate over more than one variable")
            }
            var index: Int64 = 0
            let end = value.integerForRange
            while index < end {
                let counter = value.sameKind(index)
                if case .breakLoop = try iterate(counter, counter, boxed: false) { return .normal }
                index += 1
            }
        case .invalid, .null: break
        default: throw failure("range can't iterate over \(GoPrinter.text(value))")
        }
        guard isEmpty, let alternative = branch.alternative else { return .normal }
        return try run(alternative, dot: dot)
    }

    private func bindLoop(_ pipeline: Pipeline, _ key: GoValue, _ element: GoValue, boxed: Bool) throws {
        switch pipeline.variables.count {
        case 0: break
        case 1: try set(pipeline.variables[0], element, boxed: boxed)
        default:
            try set(pipeline.variables[0], key, boxed: false)
            try set(pipeline.variables[1], element, boxed: boxed)
        }
    }

    private func set(_ variable: VariableReference, _ value: GoValue, boxed: Bool = false) throws {
        guard let slot = variable.slot else { throw failure("undefined variable: \(variable.name.text)") }
        variables[frame + slot] = value
        isBoxed[frame + slot] = boxed
    }

    private func call(_ name: Bytes, at node: NodeIndex, with pipeline: Pipeline?, dot: GoValue) throws {
        self.node = node
        guard let callee = templates[name] else {
            throw failure("template \(GoQuote.quote(name).text) not defined")
        }
        guard depth < Self.depthLimit else {
            throw failure("exceeded maximum template depth (\(Self.depthLimit))")
        }
        let data = try pipeline.map { try evaluate($0, dot: dot) } ?? .invalid
        try step()
        try execute(callee, data)
    }

    // MARK: Pipelines

    private func evaluate(_ pipeline: Pipeline, dot: GoValue) throws -> GoValue {
        node = pipeline.node
        var value: GoValue?
        for command in pipeline.commands {
            value = try evaluate(command, dot: dot, final: value).unwrapped
        }
        let result = value ?? .invalid
        for variable in pipeline.variables { try set(variable, result) }
        return result
    }

    private func evaluate(_ command: Command, dot: GoValue, final: GoValue?) throws -> GoValue {
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

    private func refuseArguments(_ arguments: ArraySlice<Operand>, _ final: GoValue?, _ head: Operand) throws {
        guard arguments.isEmpty, final == nil else {
            throw failure("can't give argument to non-function \(TemplateFile.text(head).text)")
        }
    }

    private func ideal(_ literal: NumberLiteral) throws -> GoValue {
        switch literal.ideal {
        case .value(let value): return value
        case .overflow: throw failure("\(literal.text.text) overflows int")
        }
    }

    // MARK: Fields

    private func variable(
        _ node: NodeIndex, _ variable: VariableReference, _ names: [Bytes], arguments: ArraySlice<Operand>,
        final: GoValue?, dot: GoValue
    ) throws -> GoValue {
        self.node = node
        guard let slot = variable.slot else { throw failure("undefined variable: \(variable.name.text)") }
        let value = variables[frame + slot]
        if names.isEmpty {
            try refuseArguments(arguments, final, .variable(node, variable, names))
            return value
        }
        return try fields(
            names, of: value, boxed: isBoxed[frame + slot], at: node, arguments: arguments, final: final, dot: dot)
    }

    private func chain(
        _ node: NodeIndex, _ operand: Operand, _ names: [Bytes], arguments: ArraySlice<Operand>, final: GoValue?,
        dot: GoValue
    ) throws -> GoValue {
        self.node = node
        let receiver = try argument(operand, as: nil, dot: dot)
        return try fields(names, of: receiver, boxed: false, at: node, arguments: arguments, final: final, dot: dot)
    }

    private func fields(
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
            return (map[name] ?? map.zero, map.type.underlying == .anyMap)
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

    // MARK: Calls

    private func call(
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

    private func call(
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

    /// An argument for a parameter of `type`; no type takes everything.
    private func argument(_ operand: Operand, as type: GoType?, dot: GoValue) throws -> GoValue {
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
    private func check(_ value: GoValue, boxed: Bool, as type: GoType?) throws -> GoValue {
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

    // MARK: Failures

    private func failure(_ message: String, cause: ExecutionError.Cause = .message) -> ExecutionError {
        ExecutionError(
            location: template.file.location(of: node), template: template.name,
            expression: template.file.text(of: node), message: message, cause: cause)
    }

    private func failure(calling name: String, _ error: any Error, callee: String? = nil) -> ExecutionError {
        switch error {
        case let error as ExecutionError: return failure("error calling \(name): ", cause: .template(error))
        case let error as MissingTemplate: return failure("error calling \(name): ", cause: .missingTemplate(error))
        case let error as GoError:
            let message = error.message.replacing("{callee}", with: callee ?? "")
            return failure(
                "error calling \(name): ",
                cause: .function(GoError(message, isUserFailure: error.isUserFailure, cause: error.cause)))
        default: return failure("error calling \(name): ", cause: .function(GoError("\(error)")))
        }
    }
}

extension GoValue {
    fileprivate var integerForRange: Int64 {
        switch self {
        case .int(let value): Int64(value)
        case .int64(let value): value
        case .uint64(let value): Int64(clamping: value)
        default: 0
        }
    }

    fileprivate func sameKind(_ value: Int64) -> GoValue {
        switch self {
        case .int: .int(Int(value))
        case .uint64: .uint64(UInt64(value))
        default: .int64(value)
        }
    }
}
