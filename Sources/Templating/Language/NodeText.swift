// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Prints nodes back, as Go's messages quote them.
extension TemplateFile {
    func text(of node: NodeIndex) -> Bytes {
        switch nodes[node].content {
        case .operand(let operand): Self.text(operand)
        case .command(let command): Self.text(command)
        case .pipeline(let pipeline): Self.text(pipeline)
        case .template(let name, let pipeline):
            Bytes("{{template ") + GoQuote.quote(name) + (pipeline.map { Bytes(" ") + Self.text($0) } ?? [])
                + Bytes("}}")
        case .control(let keyword, let pipeline): Bytes("{{\(keyword) ") + Self.text(pipeline) + Bytes("}}")
        case .pending: []
        }
    }

    static func text(_ operand: Operand) -> Bytes {
        switch operand {
        case .dot: Bytes(".")
        case .nilLiteral: Bytes("nil")
        case .bool(_, let value): Bytes(value ? "true" : "false")
        case .number(_, let literal): literal.text
        case .string(_, _, let quoted): quoted
        case .field(_, let names): fields(names)
        case .variable(_, let variable, let names): variable.name + fields(names)
        case .function(_, let function): Bytes(function.name)
        case .pipeline(let pipeline): Bytes("(") + text(pipeline) + Bytes(")")
        case .chain(_, let operand, let names): text(operand) + fields(names)
        }
    }

    /// How `call` names what it was given.
    static func calleeText(_ operand: Operand) -> Bytes {
        if case .pipeline(let pipeline) = operand { return text(pipeline) }
        return text(operand)
    }

    static func text(_ command: Command) -> Bytes {
        command.arguments.map(text).joined(by: [0x20])
    }

    static func text(_ pipeline: Pipeline) -> Bytes {
        let commands = pipeline.commands.map(text).joined(by: Bytes(" | "))
        guard !pipeline.variables.isEmpty else { return commands }
        return pipeline.variables.map(\.name).joined(by: Bytes(", "))
            + Bytes(pipeline.isAssignment ? " = " : " := ") + commands
    }

    private static func fields(_ names: [Bytes]) -> Bytes {
        names.reduce(into: Bytes()) { $0 += [0x2E] + $1 }
    }
}
