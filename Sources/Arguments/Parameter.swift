// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Something that may be typed after a command: a flag, an option with a value, or a positional argument.
public struct Parameter<Root>: Sendable {
    /// What it is for the parser and for the help.
    public var description: ParameterDescription
    let store: @Sendable (inout Root, String) throws(UsageError) -> Void

    /// The same parameter of a type that holds `Root`: how options shared by many commands join each table.
    public func lifted<Outer>(_ path: any WritableKeyPath<Outer, Root> & Sendable) -> Parameter<Outer> {
        Parameter<Outer>(description: description) { (outer, text) throws(UsageError) in
            try store(&outer[keyPath: path], text)
        }
    }
}

/// A parameter without the type of its command: what help, completion and the parser need.
public struct ParameterDescription: Sendable {
    /// How it is typed.
    public enum Kind: Sendable, Hashable {
        /// `--name`, or `--name=false`.
        case flag
        /// `--name VALUE` or `--name=VALUE`.
        case option
        /// A word without a dash.
        case positional
    }

    /// How it is typed.
    public var kind: Kind
    /// The long name without dashes; of a positional its placeholder.
    public var name: String
    /// The one-letter name.
    public var short: Character?
    /// The placeholder of an option's value.
    public var valueName: String
    /// One or two lines of help.
    public var help: String
    /// The words that are accepted; empty for any.
    public var choices: [String]
    /// Whether it may be given several times.
    public var isRepeatable: Bool
    /// Whether it must be given.
    public var isRequired: Bool
    /// Whether help and completion leave it out.
    public var isHidden: Bool
    /// What the shell offers for its value.
    public var completion: Completion

    /// What the shell offers for a value.
    public enum Completion: Sendable, Hashable {
        /// Nothing, or the choices.
        case none
        /// Files.
        case files
        /// Folders.
        case folders
        /// Names of things of a kind, which only the program can look up.
        case names(of: String)
    }

    /// How it is shown: `-f, --file FILE`, or `NAME`.
    public var usage: String {
        switch kind {
        case .positional:
            let shown = isRepeatable ? "\(name)..." : name
            return isRequired ? shown : "[\(shown)]"
        case .flag: return short.map { "-\($0), --\(name)" } ?? "    --\(name)"
        case .option: return (short.map { "-\($0), --\(name)" } ?? "    --\(name)") + " \(valueName)"
        }
    }
}
