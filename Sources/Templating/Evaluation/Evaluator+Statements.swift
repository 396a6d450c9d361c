// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What templates consist of, run one after the other.
extension Evaluator {
    /// How a body ended.
    enum Flow {
        case normal, breakLoop, continueLoop
    }

    func run(_ body: [Statement], dot: GoValue) throws -> Flow {
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
            let boxed = map.type.isMapOfAnything
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

    func set(_ variable: VariableReference, _ value: GoValue, boxed: Bool = false) throws {
        guard let slot = variable.slot else { throw failure("undefined variable: \(variable.name.text)") }
        frames[slot] = VariableFrames.Variable(value: value, isBoxed: boxed)
    }

    private func call(_ name: Bytes, at node: NodeIndex, with pipeline: Pipeline?, dot: GoValue) throws {
        self.node = node
        guard let callee = templates[name] else {
            throw failure("template \(GoQuote.quote(name).text) not defined")
        }
        guard depth < Self.callLimit else {
            throw failure("exceeded maximum template depth (\(Self.callLimit))")
        }
        let data = try pipeline.map { try evaluate($0, dot: dot) } ?? .invalid
        try step()
        try execute(callee, data)
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
