// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Parser {
    mutating func pipeline(_ context: String, until end: Token.Kind) throws -> Pipeline {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthLimit else { throw failure("template nesting is deeper than \(Self.depthLimit)") }
        let node = node(at: peekNonSpace().position)
        let (names, isAssignment) = try declarations(in: context)
        // `{{ $x := f $x }}` still means the outer $x: the new one begins where its pipeline ends.
        names.forEach { scope.announce($0) }
        var commands: [Command] = []
        while true {
            let token = nextNonSpace()
            if token.kind == end { break }
            guard token.startsOperand else { throw unexpected(token, in: context) }
            index -= 1
            commands.append(try command())
        }
        guard !commands.isEmpty else { throw failure("missing value for \(context)") }
        for (place, command) in commands.enumerated().dropFirst() {
            switch command.arguments[0] {
            case .bool, .dot, .nilLiteral, .number, .string:
                throw failure("non executable command in pipeline stage \(place + 1)")
            default: break
            }
        }
        let variables = names.map { isAssignment ? scope.assign($0) : scope.declare($0) }
        let pipeline = Pipeline(
            node: node, variables: variables, isAssignment: isAssignment, commands: commands)
        file.nodes[node].content = .pipeline(pipeline)
        return pipeline
    }

    /// `$x :=`, `$x =` or, for range, `$k, $v :=`.
    ///
    /// The names become known only where their pipeline ends.
    private mutating func declarations(in context: String) throws -> ([Bytes], isAssignment: Bool) {
        var names: [Bytes] = []
        while true {
            let variable = peekNonSpace()
            guard variable.kind == .variable else { return (names, false) }
            let start = index
            _ = next()
            let following = peekNonSpace()
            switch following.kind {
            case .assign, .declare:
                _ = nextNonSpace()
                return (names + [text(of: variable)], following.kind == .assign)
            case .symbol where text(of: following) == [UInt8(ascii: ",")]:
                _ = nextNonSpace()
                names.append(text(of: variable))
                guard context == "range", names.count < 2 else {
                    throw failure("too many declarations in \(context)")
                }
                switch peekNonSpace().kind {
                case .variable, .rightDelimiter, .rightParenthesis: continue
                default: throw failure("range can only initialize variables")
                }
            default:
                index = start
                return (names, false)
            }
        }
    }

    private mutating func command() throws -> Command {
        let node = node(at: peekNonSpace().position)
        var arguments: [Operand] = []
        scanning: while true {
            _ = peekNonSpace()
            if let operand = try operand() { arguments.append(operand) }
            let token = next()
            switch token.kind {
            case .space: continue
            case .rightDelimiter, .rightParenthesis: index -= 1
            case .pipe: break
            default: throw unexpected(token, in: "operand")
            }
            break scanning
        }
        guard !arguments.isEmpty else { throw failure("empty command") }
        let command = Command(node: node, arguments: arguments)
        file.nodes[node].content = .command(command)
        return command
    }

    private mutating func operand() throws -> Operand? {
        guard let head = try term() else { return nil }
        guard peek().kind == .field else { return head }
        let position = peek().position
        var names: [Bytes] = []
        while peek().kind == .field { names.append(Bytes(text(of: next()).dropFirst())) }
        switch head {
        case .field(_, let first): return operand(at: position) { .field($0, first + names) }
        case .variable(_, let variable, _): return operand(at: position) { .variable($0, variable, names) }
        case .bool, .string, .number, .nilLiteral, .dot:
            throw failure("unexpected . after term " + GoQuote.quote(TemplateFile.text(head)).text)
        default: return operand(at: position) { .chain($0, head, names) }
        }
    }

    private mutating func term() throws -> Operand? {
        let token = nextNonSpace()
        let position = token.position
        switch token.kind {
        case .identifier:
            let name = text(of: token)
            guard let function = function(named: name) else {
                throw failure("function " + GoQuote.quote(name).text + " not defined")
            }
            return operand(at: position) { .function($0, function) }
        case .dot: return operand(at: position) { .dot($0) }
        case .nilLiteral: return operand(at: position) { .nilLiteral($0) }
        case .variable:
            let name = text(of: token)
            guard let variable = scope.use(name) else {
                throw failure("undefined variable " + GoQuote.quote(name).text)
            }
            return operand(at: position) { .variable($0, variable, []) }
        case .field:
            let name = Bytes(text(of: token).dropFirst())
            return operand(at: position) { .field($0, [name]) }
        case .bool:
            let isTrue = token.end - token.position == 4
            return operand(at: position) { .bool($0, isTrue) }
        case .number, .character:
            let literal = try number(token)
            return operand(at: position) { .number($0, literal) }
        case .string, .rawString:
            let value = try unquoted(token)
            let quoted = text(of: token)
            return operand(at: position) { .string($0, value: value, quoted: quoted) }
        case .leftParenthesis:
            return .pipeline(try pipeline("parenthesized pipeline", until: .rightParenthesis))
        default:
            index -= 1
            return nil
        }
    }

    private func number(_ token: Token) throws -> NumberLiteral {
        switch NumberLiteral.read(text(of: token), isCharacter: token.kind == .character) {
        case .success(let literal): return literal
        case .failure(let problem): throw failure(problem.message)
        }
    }
}

extension Token {
    fileprivate var startsOperand: Bool {
        switch kind {
        case .bool, .character, .dot, .field, .identifier, .number, .nilLiteral, .rawString, .string, .variable,
            .leftParenthesis:
            true
        default: false
        }
    }
}
