// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a shell offers for the word under the cursor.
public struct Completion: Sendable, Hashable {
    /// A word and what it means.
    public struct Candidate: Sendable, Hashable {
        /// The whole word.
        public var word: String
        /// One line about it; may be empty.
        public var meaning: String

        /// Makes a candidate; neither may hold a line end or a tab.
        public init(word: String, meaning: String) {
            self.word = word
            self.meaning = meaning
        }
    }

    /// The words that fit what is typed so far.
    public var candidates: [Candidate] = []
    /// Whether the shell shall offer files.
    public var offersFiles = false
    /// The kind of things whose names fit here, for the program to look up; nil where none do.
    public var kindToLookUp: String?

    /// What fits the last of `words` (typed so far, may be empty) after the words before it.
    ///
    /// The shell scripts of `Shell.script` ask this through a hidden command, so that they never go out of date.
    public init<Context>(_ root: CommandTree<Context>, words: [String], shared: [ParameterDescription]) {
        let current = words.last ?? ""
        var tree = root
        var parameters = shared
        var pending: ParameterDescription?
        var positionalCount = 0
        for word in words.dropLast() {
            if pending != nil {
                pending = nil
            } else if word.hasPrefix("-") {
                pending = Self.optionAwaitingValue(word, among: parameters)
            } else if let next = tree.member(word) {
                tree = next
                parameters = tree.members.isEmpty ? tree.parameters : shared
            } else {
                positionalCount += 1
            }
        }
        if let pending {
            offer(valuesOf: pending, startingWith: current)
        } else if current.hasPrefix("-") {
            offer(parameters.filter { $0.kind != .positional && !$0.isHidden }, startingWith: current)
        } else if !tree.members.isEmpty {
            candidates = tree.members.map(\.manual).filter { !$0.isHidden && $0.name.hasPrefix(current) }
                .map { Candidate(word: $0.name, meaning: $0.summary) }
        } else {
            let positionals = parameters.filter { $0.kind == .positional }
            if positionals.indices.contains(positionalCount) {
                offer(valuesOf: positionals[positionalCount], startingWith: current)
            } else if let last = positionals.last, last.isRepeatable {
                offer(valuesOf: last, startingWith: current)
            }
        }
    }

    private static func optionAwaitingValue(
        _ word: String, among parameters: [ParameterDescription]
    ) -> ParameterDescription? {
        guard !word.contains("=") else { return nil }
        return parameters.first {
            $0.kind == .option && (word == "--\($0.name)" || $0.short.map { word == "-\($0)" } == true)
        }
    }

    private mutating func offer(valuesOf parameter: ParameterDescription, startingWith prefix: String) {
        candidates = parameter.choices.filter { $0.hasPrefix(prefix) }.map { Candidate(word: $0, meaning: "") }
        switch parameter.completion {
        case .none: break
        case .files, .folders: offersFiles = true
        case .names(let kind): kindToLookUp = kind
        }
    }

    private mutating func offer(_ options: [ParameterDescription], startingWith prefix: String) {
        candidates = options.filter { "--\($0.name)".hasPrefix(prefix) }
            .map { Candidate(word: "--\($0.name)", meaning: $0.help) }
    }

    /// The lines that the scripts read: `word<TAB>meaning`, and a last line `:files` where files are offered.
    public var lines: [String] {
        candidates.map { $0.meaning.isEmpty ? $0.word : "\($0.word)\t\($0.meaning)" } + (offersFiles ? [":files"] : [])
    }
}
