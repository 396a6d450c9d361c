// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// The words of one command, filled into its properties one by one.
struct CommandLineWords<C: ProgramCommand> {
    private var rest: ArraySlice<String>
    private var command = C()
    private var given: Set<String> = []
    private var positionals: ArraySlice<Parameter<C>>
    private let named: [Parameter<C>]

    init(_ words: [String]) {
        rest = words[...]
        positionals = C.parameters.filter { $0.description.kind == .positional }[...]
        named = C.parameters.filter { $0.description.kind != .positional }
    }

    mutating func parse() throws(UsageError) -> C {
        while let word = rest.popFirst() {
            if word == "--" {
                while let literal = rest.popFirst() { try positional(literal) }
            } else if word.hasPrefix("--") {
                try long(word)
            } else if word.hasPrefix("-"), word != "-" {
                try shorts(word)
            } else {
                try positional(word)
            }
        }
        for parameter in C.parameters where parameter.description.isRequired {
            let description = parameter.description
            guard !given.contains(description.name) else { continue }
            let shown = description.kind == .positional ? description.name : "--\(description.name)"
            throw UsageError("\(shown) is missing")
        }
        return command
    }

    private mutating func long(_ word: String) throws(UsageError) {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        guard let parameter = named.first(where: { $0.description.name == name }) else {
            let names = named.map(\.description)
            throw UsageError(
                "unknown option '--\(name)'",
                hint: nearest("--\(name)", among: names.filter { !$0.isHidden }).map { "did you mean '\($0)'?" })
        }
        let attached = parts.count == 2 ? String(parts[1]) : nil
        try store(parameter, attached, shown: "--\(name)")
    }

    private mutating func shorts(_ word: String) throws(UsageError) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            guard let parameter = named.first(where: { $0.description.short == letter }) else {
                throw UsageError("unknown option '-\(letter)'")
            }
            if parameter.description.kind == .flag {
                try store(parameter, nil, shown: "-\(letter)")
                continue
            }
            if letters.first == "=" { letters = letters.dropFirst() }
            try store(parameter, letters.isEmpty ? nil : String(letters), shown: "-\(letter)")
            return
        }
    }

    private mutating func store(_ parameter: Parameter<C>, _ attached: String?, shown: String) throws(UsageError) {
        let description = parameter.description
        if given.contains(description.name), !description.isRepeatable, description.kind == .option {
            throw UsageError("'\(shown)' is given twice")
        }
        guard let text = attached ?? (description.kind == .flag ? "true" : rest.popFirst()) else {
            throw UsageError("'\(shown)' needs a value: \(description.valueName)")
        }
        try fill(parameter, text, shown: shown)
    }

    private mutating func positional(_ word: String) throws(UsageError) {
        guard let parameter = positionals.first else { throw UsageError("unexpected argument '\(word)'") }
        try fill(parameter, word, shown: parameter.description.name)
        if !parameter.description.isRepeatable { positionals = positionals.dropFirst() }
    }

    private mutating func fill(_ parameter: Parameter<C>, _ text: String, shown: String) throws(UsageError) {
        do {
            try parameter.store(&command, text)
        } catch {
            let hint = nearestName(to: text, in: parameter.description.choices).map { "did you mean '\($0)'?" }
            throw UsageError("invalid value '\(text)' for '\(shown)': \(error.message)", hint: error.hint ?? hint)
        }
        given.insert(parameter.description.name)
    }
}

/// The long option nearest to what was typed, with its dashes.
func nearest(_ typed: String, among parameters: [ParameterDescription]) -> String? {
    nearestName(to: typed, in: parameters.filter { $0.kind != .positional }.map { "--\($0.name)" })
}

/// The word nearest to what was typed.
func nearestWord(_ typed: String, among words: [String]) -> String? { nearestName(to: typed, in: words) }
