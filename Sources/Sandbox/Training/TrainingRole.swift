// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a container does in a training of iflearner, as its command line tells.
enum TrainingRole: Sendable, Equatable {
    /// It waits for a number of parties and leads them through rounds.
    case aggregator(task: String, parties: Int, epochs: Int?)
    /// It trains with the aggregator of a task, under the name of its party.
    case client(task: String, party: String, epochs: Int?)

    /// The port on which an aggregator tells how far it is.
    static let statusPort = 50002

    private static let servers = "iflearnerjob-server-"
    private static let clients = "iflearnerjob-client-"

    /// Reads the command line of a pod's container; nil for one that takes no part in a training.
    init?(_ commandLine: [String], pod name: String) {
        let options = CommandLineOptions(commandLine)
        let epochs = options["--epochs"].flatMap { Int($0) }.map { min(max($0, 0), 1_000_000_000) }
        if commandLine.contains(where: { $0.hasSuffix("aggregate_server.py") }) {
            let task = name.hasPrefix(Self.servers) ? String(name.dropFirst(Self.servers.count)) : name
            let parties = (options["-n"] ?? options["--num"]).flatMap { Int($0) }.map { max($0, 1) } ?? 1
            self = .aggregator(task: task, parties: parties, epochs: epochs)
            return
        }
        // Flow names the host of a task's aggregator after the task.
        guard let server = options["--server"], let party = options["--name"],
            let task = server.split(separator: ".").first.map(String.init), server.contains(".")
        else { return nil }
        self = .client(task: task, party: party, epochs: epochs)
    }

    var task: String {
        switch self {
        case .aggregator(let task, _, _), .client(let task, _, _): task
        }
    }

    var isClient: Bool { if case .client = self { true } else { false } }
}

/// The options of a command line as Python's argparse reads them: the last one counts.
private struct CommandLineOptions {
    private var values: [String: String] = [:]

    init(_ commandLine: [String]) {
        var words = commandLine[...]
        while let word = words.popFirst() {
            guard word.hasPrefix("-") else { continue }
            if let equals = word.firstIndex(of: "=") {
                values[String(word[..<equals])] = String(word[equals...].dropFirst())
            } else if !word.hasPrefix("--"), word.count > 2 {
                values[String(word.prefix(2))] = String(word.dropFirst(2))
            } else if let next = words.first, !next.hasPrefix("-") {
                values[word] = next
            }
        }
    }

    subscript(name: String) -> String? { values[name] }
}
