// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// What reading one element of a body gives.
    enum Element {
        case statement(Statement)
        case end
        case otherwise
    }

    /// Reads up to and including the `end` or `else` that closes a body.
    mutating func statements() throws -> ([Statement], Element) {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthLimit else { throw failure("template nesting is deeper than \(Self.depthLimit)") }
        var body: [Statement] = []
        while peekNonSpace().kind != .end {
            switch try textOrAction() {
            case .statement(let statement): body.append(statement)
            case let close: return (body, close)
            }
        }
        throw failure("unexpected EOF")
    }

    mutating func textOrAction() throws -> Element {
        let token = nextNonSpace()
        switch token.kind {
        case .text: return .statement(.text(text(of: token)))
        case .leftDelimiter:
            actionLine = token.line
            let element = try action()
            actionLine = 0
            return element
        default: throw unexpected(token, in: "input")
        }
    }

    private mutating func action() throws -> Element {
        let token = nextNonSpace()
        switch token.kind {
        case .block: return .statement(try block())
        case .breakLoop: return .statement(try loopControl("break", .breakLoop))
        case .continueLoop: return .statement(try loopControl("continue", .continueLoop))
        case .otherwise: return try otherwise()
        case .endBlock:
            let close = nextNonSpace()
            guard close.kind == .rightDelimiter else { throw unexpected(close, in: "end") }
            return .end
        case .conditional: return .statement(.conditional(try branch("if")))
        case .range: return .statement(.range(try branch("range")))
        case .with: return .statement(.with(try branch("with")))
        case .template: return .statement(try templateCall())
        default:
            index -= 1
            let start = peek().position
            let pipeline = try pipeline("command", until: .rightDelimiter)
            return .statement(.action(node(at: start, .pipeline(pipeline)), pipeline))
        }
    }

    private mutating func loopControl(_ word: String, _ statement: Statement) throws -> Statement {
        let close = nextNonSpace()
        guard close.kind == .rightDelimiter else { throw unexpected(close, in: "{{\(word)}}") }
        guard loops > 0 else { throw failure("{{\(word)}} outside {{range}}") }
        return statement
    }

    /// `{{else}}`; for `{{else if` and `{{else with` the word that follows stays to be read.
    private mutating func otherwise() throws -> Element {
        let token = peekNonSpace()
        if token.kind == .conditional || token.kind == .with { return .otherwise }
        let close = nextNonSpace()
        guard close.kind == .rightDelimiter else { throw unexpected(close, in: "else") }
        return .otherwise
    }

    private mutating func branch(_ keyword: StaticString) throws -> Branch {
        let word = "\(keyword)"
        let start = scope.mark
        let pipeline = try pipeline(word, until: .rightDelimiter)
        let node = node(at: file.nodes[pipeline.node].position, .control(keyword, pipeline))
        let inner = scope.mark
        if word == "range" { loops += 1 }
        let (body, close) = try statements()
        if word == "range" { loops -= 1 }
        var alternative: [Statement]?
        if case .otherwise = close {
            scope.suspend(from: inner)
            alternative = try self.alternative(to: word)
        }
        scope.close(to: start)
        return Branch(node: node, pipeline: pipeline, body: body, alternative: alternative)
    }

    private mutating func alternative(to word: String) throws -> [Statement] {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthLimit else { throw failure("template nesting is deeper than \(Self.depthLimit)") }
        switch (word, peek().kind) {
        case ("if", .conditional):
            _ = next()
            return [.conditional(try branch("if"))]
        case ("with", .with):
            _ = next()
            return [.with(try branch("with"))]
        default:
            let (body, close) = try statements()
            guard case .end = close else { throw failure("expected end; found {{else}}") }
            return body
        }
    }

    private mutating func templateName(in context: String) throws -> (token: Token, name: Bytes) {
        let token = nextNonSpace()
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: context) }
        return (token, try unquoted(token))
    }

    private mutating func templateCall() throws -> Statement {
        let (token, name) = try templateName(in: "template clause")
        var pipeline: Pipeline?
        if nextNonSpace().kind != .rightDelimiter {
            index -= 1
            pipeline = try self.pipeline("template clause", until: .rightDelimiter)
        }
        return .template(node(at: token.position, .template(name: name, pipeline)), name: name, pipeline)
    }

    private mutating func block() throws -> Statement {
        let (token, name) = try templateName(in: "block clause")
        let pipeline = try pipeline("block clause", until: .rightDelimiter)
        let outer = (scope, loops)
        (scope, loops) = (Scope(), 0)
        let (body, close) = try statements()
        guard case .end = close else { throw failure("unexpected {{else}} in block clause") }
        try define(name, body, slots: scope.slots)
        (scope, loops) = outer
        return .template(node(at: token.position, .template(name: name, pipeline)), name: name, pipeline)
    }
}
