// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Testing

private struct Shared: Sendable, Hashable {
    var namespace: String?
    var verbose = false

    static var parameters: [Parameter<Shared>] {
        [
            .option("namespace", "n", \.namespace, "NAME", "The namespace."),
            .flag("verbose", "v", \.verbose, "Say more."),
        ]
    }
}

private enum Colour: String, CaseIterable, ArgumentValue { case red, green }

private struct Paint: ProgramCommand {
    static let manual = Manual(
        "paint", aliases: ["draw"], summary: "Paints a wall", examples: [.init("tool wall paint a -f b", "Paints a.")])
    static var parameters: [Parameter<Paint>] {
        [
            .positional("NAME", \.name, "The wall."),
            .option("file", "f", \.file, "FILE", "Where from.", completion: .files),
            .option("colour", nil, \.colour, "COLOUR", "Which colour."),
            .option("timeout", nil, \.timeout, "DURATION", "How long."),
            .options("set", nil, \.settings, "K=V", "A setting."),
            .flag("wait", nil, \.wait, "Wait."),
        ] + Shared.parameters.map { $0.lifted(\.shared) }
    }
    var name = ""
    var file: String?
    var colour = Colour.red
    var timeout: Duration?
    var settings: [String] = []
    var wait: Bool?
    var shared = Shared()

    func validate() throws(UsageError) {
        if wait == false, timeout != nil { throw UsageError("--timeout needs --wait") }
    }

    func run(in context: Int) async throws -> CommandStatus { .success }
}

private struct Hang: ProgramCommand {
    static var manual: Manual { Manual("hang", summary: "Hangs pictures") }
    static var parameters: [Parameter<Hang>] {
        [.positionals("PICTURE", \.pictures, "The pictures.", required: true, completion: .names(of: "pictures"))]
    }
    var pictures: [String] = []

    func run(in context: Int) async throws -> CommandStatus { .success }
}

@Suite struct ArgumentsTests {
    private static let tree = CommandTree<Int>.group(
        Manual("tool", summary: "A tool"),
        [
            .group(Manual("wall", summary: "Walls"), [.command(Paint.self), .command(Hang.self)]),
            .elsewhere(name: "user", advice: "there are no users"),
        ])
    private let shared = Shared.parameters.map(\.description)

    private func parse(_ line: String) throws -> Paint {
        let words = line.split(separator: " ").map(String.init)
        guard case .run(let command) = try CommandParser(Self.tree, shared: shared).parse(words) else { return Paint() }
        return try #require(command as? Paint)
    }

    private func failure(_ line: String) -> String? {
        do {
            _ = try parse(line)
            return nil
        } catch { return (error as? UsageError)?.rendered }
    }

    @Test func `options are understood in every notation`() throws {
        let paint = try parse("-v wall -n ns draw x -fb --colour=green --set=a=1 --set b=2 --timeout 1h30m --wait")
        #expect(paint.name == "x")
        #expect(paint.file == "b")
        #expect(paint.colour == .green)
        #expect(paint.settings == ["a=1", "b=2"])
        #expect(paint.timeout == .seconds(5400))
        #expect(paint.wait == true)
        #expect(paint.shared == Shared(namespace: "ns", verbose: true))
        #expect(try parse("wall paint x --wait=false").wait == false)
        #expect(try parse("wall paint x -vnfoo").shared == Shared(namespace: "foo", verbose: true))
        #expect(try parse("wall paint -- -x").name == "-x")
    }

    @Test(arguments: [
        ("wall pant", "unknown command 'pant'", "did you mean 'paint'?"),
        ("wal", "unknown command 'wal'", "did you mean 'wall'?"),
        ("wall paint", "NAME is missing", nil),
        ("wall paint a b", "unexpected argument 'b'", nil),
        ("wall paint a --fil b", "unknown option '--fil'", "did you mean '--file'?"),
        ("wall paint a -z", "unknown option '-z'", nil),
        ("wall paint a -f", "'-f' needs a value: FILE", nil),
        ("wall paint a -f b -f c", "'-f' is given twice", nil),
        (
            "wall paint a --colour gren", "invalid value 'gren' for '--colour': expected one of red, green",
            "did you mean 'green'?"
        ),
        (
            "wall paint a --timeout 10",
            "invalid value '10' for '--timeout': expected a duration such as 90s, 10m or 1h30m", nil
        ),
        ("wall paint a --wait=false --timeout 1s", "--timeout needs --wait", nil),
        ("user list", "there is no 'user' here", "there are no users"),
        ("--bogus wall paint a", "unknown option '--bogus' before a command", nil),
        ("-n", "'-n' needs a value", nil),
    ]) func `a wrong line says what and what else`(line: String, message: String, hint: String?) {
        let text = failure(line) ?? ""
        #expect(text.hasPrefix("error: \(message)\n"))
        if let hint { #expect(text.contains("hint: \(hint)\n")) }
        #expect(text.contains("--help' for usage."))
    }

    @Test(arguments: [
        [], ["wall"], ["--help"], ["wall", "paint", "--help"], ["help", "wall", "paint"], ["wall", "paint", "a", "-h"],
    ])
    func `help is a page of at most 80 columns`(words: [String]) throws {
        guard case .help(let text) = try CommandParser(Self.tree, shared: shared).parse(words) else {
            Issue.record("no help")
            return
        }
        #expect(text.contains("Usage:"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        if words.contains("paint") {
            #expect(text.contains("Usage:\n  tool wall paint [OPTIONS] NAME"))
            #expect(text.contains("-f, --file FILE"))
            #expect(text.contains("Which colour. (red|green)"))
            #expect(text.contains("# Paints a.\n  tool wall paint a -f b"))
        }
    }

    @Test(arguments: [
        ([""], ["wall"]), (["wall", "p"], ["paint"]), (["wall", "paint", "--c"], ["--colour"]),
        (["wall", "paint", "a", "--colour", "g"], ["green"]), (["-n", "x", "wa"], ["wall"]),
        (["wall", "paint", "--file", ""], []), (["--name"], ["--namespace"]),
    ]) func `completion offers what fits`(words: [String], expected: [String]) {
        let completion = Completion(Self.tree, words: words, shared: shared)
        #expect(completion.candidates.map(\.word) == expected)
        #expect(completion.offersFiles == (words.dropLast().last == "--file"))
    }

    @Test func `names that the program alone knows are looked up by it, as often as they may be given`() {
        func kind(_ words: String...) -> String? {
            Completion(Self.tree, words: words, shared: shared).kindToLookUp
        }
        #expect(kind("wall", "hang", "") == "pictures")
        #expect(kind("wall", "hang", "a", "b") == "pictures")
        #expect(kind("wall", "hang", "--") == nil)
        #expect(kind("wall", "paint", "") == nil)
        #expect(kind("wall", "paint", "--file", "") == nil)
        #expect(throws: UsageError.self) { try CommandParser(Self.tree).parse(["wall", "hang"]) }
    }

    @Test(arguments: [("1.5h", 5400.0), ("500ms", 0.5), ("0", 0), ("2d", 172800)])
    func `durations are read in Go's notation`(text: String, seconds: Double) {
        #expect(Duration(notation: text) == .seconds(seconds))
    }

    @Test(arguments: ["", "10", "-1s", "1x", "s", "1h2", "1..2s", "99999999999999h"])
    func `a bad duration is refused`(text: String) {
        #expect(Duration(notation: text) == nil)
    }

    @Test func `the reference page holds every command`() {
        let page = Self.tree.referencePage(shared: shared)
        #expect(page.contains("## `tool wall paint`"))
        #expect(!page.contains("## `tool user`"))
    }
}
