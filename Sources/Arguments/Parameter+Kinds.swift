// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Parameter {
    /// A switch, off unless typed; `--name=false` turns it off.
    public static func flag(
        _ name: String, _ short: Character? = nil, _ path: any WritableKeyPath<Root, Bool> & Sendable, _ help: String,
        hidden: Bool = false
    ) -> Parameter {
        Parameter(
            description: ParameterDescription(
                kind: .flag, name: name, short: short, valueName: "", help: help, choices: [], isRepeatable: false,
                isRequired: false, isHidden: hidden, completion: .none)
        ) { (root, text) throws(UsageError) in root[keyPath: path] = try Bool(argument: text) }
    }

    /// A switch that knows whether it was typed at all.
    public static func flag(
        _ name: String, _ short: Character? = nil, _ path: any WritableKeyPath<Root, Bool?> & Sendable, _ help: String,
        hidden: Bool = false
    ) -> Parameter {
        Parameter(
            description: ParameterDescription(
                kind: .flag, name: name, short: short, valueName: "", help: help, choices: [], isRepeatable: false,
                isRequired: false, isHidden: hidden, completion: .none)
        ) { (root, text) throws(UsageError) in root[keyPath: path] = try Bool(argument: text) }
    }

    /// An option with a value and a default.
    public static func option<Argument: ArgumentValue>(
        _ name: String, _ short: Character? = nil, _ path: any WritableKeyPath<Root, Argument> & Sendable,
        _ valueName: String, _ help: String, completion: ParameterDescription.Completion = .none
    ) -> Parameter {
        Parameter(
            description: .option(name, short, valueName, help, Argument.choices, completion: completion)
        ) { (root, text) throws(UsageError) in root[keyPath: path] = try Argument(argument: text) }
    }

    /// An option that may be left out.
    public static func option<Argument: ArgumentValue>(
        _ name: String, _ short: Character? = nil, _ path: any WritableKeyPath<Root, Argument?> & Sendable,
        _ valueName: String, _ help: String, required: Bool = false,
        completion: ParameterDescription.Completion = .none, hidden: Bool = false
    ) -> Parameter {
        var description = ParameterDescription.option(
            name, short, valueName, help, Argument.choices, completion: completion)
        description.isRequired = required
        description.isHidden = hidden
        return Parameter(description: description) { (root, text) throws(UsageError) in
            root[keyPath: path] = try Argument(argument: text)
        }
    }

    /// An option that may be given several times.
    public static func options<Argument: ArgumentValue>(
        _ name: String, _ short: Character? = nil, _ path: any WritableKeyPath<Root, [Argument]> & Sendable,
        _ valueName: String, _ help: String
    ) -> Parameter {
        var description = ParameterDescription.option(
            name, short, valueName, help, Argument.choices, completion: .none)
        description.isRepeatable = true
        return Parameter(description: description) { (root, text) throws(UsageError) in
            root[keyPath: path].append(try Argument(argument: text))
        }
    }

    /// A word without a dash that may be left out.
    public static func positional<Argument: ArgumentValue>(
        _ placeholder: String, _ path: any WritableKeyPath<Root, Argument?> & Sendable, _ help: String,
        required: Bool = false, completion: ParameterDescription.Completion = .none
    ) -> Parameter {
        let description = ParameterDescription.positional(
            placeholder, help, Argument.choices, isRequired: required, completion: completion)
        return Parameter(description: description) { (root, text) throws(UsageError) in
            root[keyPath: path] = try Argument(argument: text)
        }
    }

    /// A word without a dash that must be given.
    public static func positional<Argument: ArgumentValue>(
        _ placeholder: String, _ path: any WritableKeyPath<Root, Argument> & Sendable, _ help: String,
        completion: ParameterDescription.Completion = .none
    ) -> Parameter {
        let description = ParameterDescription.positional(
            placeholder, help, Argument.choices, isRequired: true, completion: completion)
        return Parameter(description: description) { (root, text) throws(UsageError) in
            root[keyPath: path] = try Argument(argument: text)
        }
    }

    /// All remaining words without a dash.
    public static func positionals(
        _ placeholder: String, _ path: any WritableKeyPath<Root, [String]> & Sendable, _ help: String,
        required: Bool = false, completion: ParameterDescription.Completion = .none
    ) -> Parameter {
        var description = ParameterDescription.positional(
            placeholder, help, [], isRequired: required, completion: completion)
        description.isRepeatable = true
        return Parameter(description: description) { (root, text) throws(UsageError) in
            root[keyPath: path].append(text)
        }
    }
}

extension ParameterDescription {
    static func option(
        _ name: String, _ short: Character?, _ valueName: String, _ help: String, _ choices: [String],
        completion: Completion
    ) -> ParameterDescription {
        ParameterDescription(
            kind: .option, name: name, short: short, valueName: valueName, help: help, choices: choices,
            isRepeatable: false, isRequired: false, isHidden: false, completion: completion)
    }

    static func positional(
        _ placeholder: String, _ help: String, _ choices: [String], isRequired: Bool, completion: Completion
    ) -> ParameterDescription {
        ParameterDescription(
            kind: .positional, name: placeholder, short: nil, valueName: "", help: help, choices: choices,
            isRepeatable: false, isRequired: isRequired, isHidden: false, completion: completion)
    }
}
