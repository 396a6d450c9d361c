// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A command: what may be typed after its name, and what it does.
///
/// The properties hold what was typed, with their defaults; `parameters` says how they are filled. One table is the source of
/// parsing, help, hints, completion and the reference page.
public protocol ProgramCommand<Context>: Sendable {
    /// What a command needs from the outside: connections, outputs, clocks.
    associatedtype Context: Sendable

    /// What its help says.
    static var manual: Manual { get }
    /// What may be typed after its name.
    static var parameters: [Parameter<Self>] { get }

    /// A command with nothing typed.
    init()
    /// Refuses contradictions between parameters, before anything is done.
    func validate() throws(UsageError)
    /// Does the work. The status is the exit code of the process.
    func run(in context: Context) async throws -> CommandStatus
}

extension ProgramCommand {
    /// Accepts every combination.
    public func validate() throws(UsageError) {}
}

/// The exit code of the process.
public struct CommandStatus: RawRepresentable, Sendable, Hashable {
    /// The code, 0 to 255.
    public let rawValue: Int32

    /// A status of a code.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Everything went well.
    public static let success = CommandStatus(rawValue: 0)
    /// The command line was wrong (EX_USAGE of sysexits.h).
    public static let usage = CommandStatus(rawValue: 64)
}

/// What the help of a command says.
public struct Manual: Sendable {
    /// The word that is typed.
    public var name: String
    /// Other words for it.
    public var aliases: [String]
    /// One line for lists of commands.
    public var summary: String
    /// Paragraphs for its own help; empty when the summary says it all.
    public var discussion: String
    /// Whole command lines, each with what it does.
    public var examples: [Example]
    /// Whether it is left out of lists and completions.
    public var isHidden: Bool

    /// A whole command line and what it does.
    public struct Example: Sendable {
        /// The command line, as typed.
        public var line: String
        /// What it does.
        public var meaning: String

        /// An example.
        public init(_ line: String, _ meaning: String) {
            self.line = line
            self.meaning = meaning
        }
    }

    /// A manual page.
    public init(
        _ name: String, aliases: [String] = [], summary: String, discussion: String = "", examples: [Example] = [],
        isHidden: Bool = false
    ) {
        self.name = name
        self.aliases = aliases
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.isHidden = isHidden
    }
}
