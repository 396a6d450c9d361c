// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The index of a node in its template file: enough to find position and text when something fails there.
typealias NodeIndex = Int

/// An argument or the head of a command.
indirect enum Operand {
    case dot(NodeIndex)
    case nilLiteral(NodeIndex)
    case bool(NodeIndex, Bool)
    case number(NodeIndex, NumberLiteral)
    case string(NodeIndex, value: Bytes, quoted: Bytes)
    case field(NodeIndex, [Bytes])
    case variable(NodeIndex, VariableReference, [Bytes])
    case function(NodeIndex, Function)
    case pipeline(Pipeline)
    case chain(NodeIndex, Operand, [Bytes])

    var node: NodeIndex {
        switch self {
        case .dot(let node), .nilLiteral(let node), .bool(let node, _), .number(let node, _),
            .string(let node, _, _), .field(let node, _), .variable(let node, _, _), .function(let node, _),
            .chain(let node, _, _):
            node
        case .pipeline(let pipeline): pipeline.node
        }
    }
}

/// A variable, resolved to its place in the frame of its template.
struct VariableReference {
    let name: Bytes
    /// Missing when the name is known but its scope is over: an error only when it is executed.
    let slot: Int?
}

/// A head and its arguments.
final class Command {
    let node: NodeIndex
    let arguments: [Operand]

    init(node: NodeIndex, arguments: [Operand]) {
        self.node = node
        self.arguments = arguments
    }
}

/// Commands joined by bars, and the variables that keep their result.
final class Pipeline {
    let node: NodeIndex
    let variables: [VariableReference]
    let isAssignment: Bool
    let commands: [Command]

    init(node: NodeIndex, variables: [VariableReference], isAssignment: Bool, commands: [Command]) {
        self.node = node
        self.variables = variables
        self.isAssignment = isAssignment
        self.commands = commands
    }
}

/// What a template consists of.
indirect enum Statement {
    case text(Bytes)
    case action(NodeIndex, Pipeline)
    case conditional(Branch)
    case with(Branch)
    case range(Branch)
    case template(NodeIndex, name: Bytes, Pipeline?)
    case breakLoop
    case continueLoop
}

/// `if`, `with` and `range`.
final class Branch {
    let node: NodeIndex
    let pipeline: Pipeline
    let body: [Statement]
    let alternative: [Statement]?

    init(node: NodeIndex, pipeline: Pipeline, body: [Statement], alternative: [Statement]?) {
        self.node = node
        self.pipeline = pipeline
        self.body = body
        self.alternative = alternative
    }
}

/// What a node index stands for.
enum NodeContent {
    case operand(Operand)
    case command(Command)
    case pipeline(Pipeline)
    case template(name: Bytes, Pipeline?)
    case control(StaticString, Pipeline)
    /// Reserved while its node is being read.
    case pending
}

/// One parsed file: its nodes, for messages, and the templates it defines.
final class TemplateFile {
    let name: String
    let source: Bytes
    var nodes: [(position: Int, content: NodeContent)] = []
    /// In the order of their definition; the file's own template is last.
    var templates: [Template] = []

    init(name: String, source: Bytes) {
        self.name = name
        self.source = source
    }

    /// `FILE:LINE:COLUMN` of a node: lines from 1, columns are bytes from 0, as Go counts them.
    func location(of node: NodeIndex) -> TemplateLocation {
        let position = min(nodes[node].position, source.count)
        var line = 1
        var lineStart = 0
        for index in 0..<position where source[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return TemplateLocation(file: name, line: line, column: position - lineStart)
    }
}

/// A named body.
final class Template {
    let name: Bytes
    let body: [Statement]
    unowned let file: TemplateFile
    /// How many variables its frame holds; the first is `$`.
    let slots: Int
    /// Whether the body is nothing but white space: such a definition never replaces another.
    let isBlank: Bool

    init(name: Bytes, body: [Statement], file: TemplateFile, slots: Int, isBlank: Bool) {
        self.name = name
        self.body = body
        self.file = file
        self.slots = slots
        self.isBlank = isBlank
    }
}
