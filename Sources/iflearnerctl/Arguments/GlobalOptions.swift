// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments

/// The options that every command has (spec/cli.md, Global).
struct GlobalOptions: Sendable {
    var kubeconfig: String?
    var context: String?
    var namespace: String?
    var output: OutputFormat?
    var sandbox = false
    var verbose = false
    var noColor = false
    var requestTimeout: Duration?

    static let parameters: [Parameter<GlobalOptions>] = [
        .option(
            "kubeconfig", nil, \.kubeconfig, "FILE", "The kubeconfig to use, instead of $KUBECONFIG.",
            completion: .files),
        .option("context", nil, \.context, "NAME", "The kubeconfig context to use."),
        .option("namespace", "n", \.namespace, "NAME", "The namespace to work in."),
        .option("output", "o", \.output, "FORMAT", "The output format."),
        .flag("sandbox", nil, \.sandbox, "Work on the embedded API server; it is started if needed."),
        .flag("verbose", "v", \.verbose, "Say where settings come from, and log requests."),
        .flag("no-color", nil, \.noColor, "Print without colours; so does $NO_COLOR."),
        .option(
            "request-timeout", nil, \.requestTimeout, "DURATION", "The time limit of one request (default 60s)."),
    ]

    /// The shared options as parameters of a command that holds them.
    static func lifted<Root>(
        _ path: any WritableKeyPath<Root, GlobalOptions> & Sendable
    ) -> [Parameter<Root>] { parameters.map { $0.lifted(path) } }

    /// What is said of contradictory choices.
    func validate() throws(UsageError) {
        guard sandbox else { return }
        if kubeconfig != nil { throw UsageError("--sandbox and --kubeconfig exclude each other") }
        if context != nil { throw UsageError("--sandbox and --context exclude each other") }
    }
}

/// How results are printed.
enum OutputFormat: String, CaseIterable, ArgumentValue {
    /// Columns for people.
    case table
    /// More columns.
    case wide
    /// JSON; JSON lines on a command that waits.
    case json
    /// YAML.
    case yaml
    /// One name or id a line.
    case name
}
