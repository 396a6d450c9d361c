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

    var frames = VariableFrames()
    /// The node messages point at.
    var node: NodeIndex = 0
    /// Whether the dot came out of an interface: Go's messages name its type so.
    var isDotBoxed = false
    private(set) var template: Template
    private(set) var depth = 0
    private var steps = 0
    private let stack: StackLimit
    /// Keeps alive what `template` is before anything runs.
    private let idleFile: TemplateFile

    /// How deep templates may call one another.
    static let callLimit = 100_000

    init(templates: TemplateSet, environment: RenderEnvironment, stack: StackLimit) {
        self.templates = templates
        self.environment = environment
        self.stack = stack
        let file = TemplateFile(name: "gotpl", source: [])
        file.nodes = [(0, .pending)]
        template = Template(name: Bytes("gotpl"), body: [], file: file, slots: 1, isBlank: true)
        idleFile = file
    }

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
    func execute(_ callee: Template, _ data: GoValue) throws {
        guard stack.hasRoom else {
            throw GoError("exceeded maximum template depth (\(Self.callLimit))")
        }
        let outer = (template, node, isDotBoxed)
        let outerFrame = frames.enter(slots: callee.slots, data: data)
        // Also after a failure: the call around it tells its own place.
        defer {
            (template, node, isDotBoxed) = outer
            frames.leave(to: outerFrame)
        }
        template = callee
        isDotBoxed = false
        depth += 1
        _ = try run(callee.body, dot: data)
        depth -= 1
    }

    /// Counts work, so that a hostile chart ends.
    func step(_ count: Int = 1) throws {
        steps += count
        guard steps <= environment.stepLimit, output.count <= environment.outputLimit else {
            throw failure(
                "rendering takes more than \(environment.stepLimit) steps or writes more than \(environment.outputLimit) bytes"
            )
        }
        guard stack.hasRoom else { throw failure("exceeded maximum template depth (\(Self.callLimit))") }
    }
}
