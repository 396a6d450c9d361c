// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the text of a template.
struct ParseFailure: Error {
    let file: String
    let line: Int
    let message: String

    /// Go's own text, which `tpl` quotes.
    var text: String { "template: \(file):\(line): \(message)" }
}

/// Reads one template file into templates whose names, functions and variables are resolved.
struct Parser {
    var tokens: [Token] = []
    /// The next token.
    var index = 0
    /// The last token looked at: messages give its line.
    var furthest = 0
    /// What the error token, the last one, is about.
    private var lexicalError = ""
    let file: TemplateFile
    var scope = Scope()
    /// How many loops surround the place being read.
    var loops = 0
    /// Where the current action began, for messages about one that never ends.
    var actionLine = 0
    /// How many blocks and parentheses surround the place being read.
    var depth = 0
    private let functions: [ByteKey: Function]
    private var defined: [Bytes: Template] = [:]

    static let depthLimit = 1000

    /// Reads `source`; `name` is the file's name and that of its own template.
    static func parse(_ source: Bytes, name: String, functions: [ByteKey: Function] = FunctionTable.all) throws
        -> TemplateFile
    {
        var parser = Parser(file: TemplateFile(name: name, source: source), functions: functions)
        var lexer = Lexer(source)
        var token = lexer.next()
        parser.tokens.reserveCapacity(source.count / 8 + 16)
        while !token.isLast {
            parser.tokens.append(token)
            token = lexer.next()
        }
        parser.tokens.append(token)
        parser.lexicalError = lexer.message
        try parser.parseFile()
        return parser.file
    }

    private init(file: TemplateFile, functions: [ByteKey: Function]) {
        self.file = file
        self.functions = functions
    }

    private mutating func parseFile() throws {
        var body: [Statement] = []
        while peek().kind != .end {
            if peek().kind == .leftDelimiter {
                let start = index
                _ = next()
                if nextNonSpace().kind == .define {
                    try parseDefinition()
                    continue
                }
                index = start
            }
            switch try textOrAction() {
            case .statement(let statement): body.append(statement)
            case .end: throw failure("unexpected {{end}}")
            case .otherwise: throw failure("unexpected {{else}}")
            }
        }
        try define(Bytes(file.name), body, slots: scope.slots)
    }

    private mutating func parseDefinition() throws {
        let context = "define clause"
        let token = nextNonSpace()
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: context) }
        let name = try unquoted(token)
        let close = nextNonSpace()
        guard close.kind == .rightDelimiter else { throw unexpected(close, in: context) }
        let outer = (scope, loops)
        (scope, loops) = (Scope(), 0)
        let (body, end) = try statements()
        guard case .end = end else { throw failure("unexpected {{else}} in \(context)") }
        try define(name, body, slots: scope.slots)
        (scope, loops) = outer
    }

    /// Keeps a template; two in one file are an error unless one of them is blank.
    mutating func define(_ name: Bytes, _ body: [Statement], slots: Int) throws {
        let template = Template(
            name: name, body: body, file: file, slots: slots, isBlank: body.allSatisfy(\.isBlank))
        if let other = defined[name], !other.isBlank {
            if template.isBlank { return }
            throw failure("template: multiple definition of template " + GoQuote.quote(name).text)
        }
        defined[name] = template
        file.templates.removeAll { $0.name == name }
        file.templates.append(template)
    }

    func function(named name: Bytes) -> Function? { functions[ByteKey(name)] }

    // MARK: Tokens

    mutating func next() -> Token {
        furthest = max(furthest, index)
        let token = tokens[min(index, tokens.count - 1)]
        index += 1
        return token
    }

    mutating func peek() -> Token {
        furthest = max(furthest, index)
        return tokens[min(index, tokens.count - 1)]
    }

    mutating func nextNonSpace() -> Token {
        while true {
            let token = next()
            if token.kind != .space { return token }
        }
    }

    mutating func peekNonSpace() -> Token {
        while peek().kind == .space { index += 1 }
        return peek()
    }

    // MARK: Nodes

    mutating func node(at position: Int, _ content: NodeContent = .pending) -> NodeIndex {
        file.nodes.append((position, content))
        return file.nodes.count - 1
    }

    mutating func operand(at position: Int, _ make: (NodeIndex) -> Operand) -> Operand {
        let node = node(at: position)
        let operand = make(node)
        file.nodes[node].content = .operand(operand)
        return operand
    }

    func text(of token: Token) -> Bytes { Bytes(file.source[token.position..<token.end]) }

    // MARK: Failures

    /// How messages name a token.
    private func description(of token: Token) -> String {
        let text = text(of: token)
        switch token.kind {
        case .end: return "EOF"
        case .error: return lexicalError
        case _ where token.kind.isKeyword: return "<\(text.text)>"
        default:
            guard text.count > 10 else { return GoQuote.quote(text).text }
            return GoQuote.quote(Bytes(runes: text.runes.prefix(10))).text + "..."
        }
    }

    func failure(_ message: String) -> ParseFailure {
        ParseFailure(file: file.name, line: tokens[min(furthest, tokens.count - 1)].line, message: message)
    }

    func unexpected(_ token: Token, in context: String) -> ParseFailure {
        guard token.kind == .error else { return failure("unexpected \(description(of: token)) in \(context)") }
        let message = lexicalError
        guard actionLine != 0, actionLine != token.line else { return failure(message) }
        let started = "started at \(file.name):\(actionLine)"
        return failure(message + (message.hasSuffix(" action") ? " " : " in action ") + started)
    }

    func unquoted(_ token: Token) throws -> Bytes {
        guard let value = GoQuote.unquote(text(of: token)) else { throw failure("invalid syntax") }
        return value
    }
}

extension Token {
    fileprivate var isLast: Bool { kind == .end || kind == .error }
}

extension Statement {
    var isBlank: Bool {
        guard case .text(let text) = self else { return false }
        var index = 0
        while index < text.count {
            let (rune, width) = text.rune(at: index)
            if !Rune.isSpace(rune) { return false }
            index += width
        }
        return true
    }
}
