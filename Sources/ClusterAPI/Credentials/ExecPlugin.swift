// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Processes
import Values

/// A program that gives credentials: `client.authentication.k8s.io`.
///
/// It runs when credentials are first needed, again when they have expired, and once more when the server does not take
/// them. Callers that come while it runs wait for that run.
actor ExecPlugin {
    /// The versions of the protocol.
    enum Version: String {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    /// Whether the program may ask the user something.
    enum InteractiveMode: String {
        case never = "Never"
        case ifAvailable = "IfAvailable"
        case always = "Always"
    }

    /// What a kubeconfig says about the program.
    struct Configuration: Sendable {
        var user: String
        var version: Version
        var command: String
        var arguments: [String]
        var environment: [String: String]
        var interactiveMode: InteractiveMode
        var installHint: String?
        /// What it is told about the cluster; nil for nothing.
        var cluster: Value?
    }

    private let configuration: Configuration
    private let time: TimeSource
    private var current: (credentials: Credentials, expiry: Timestamp?)?
    private var runNumber = 0
    private var run: Task<(credentials: Credentials, expiry: Timestamp?), any Error>?

    init(_ configuration: Configuration, time: TimeSource) {
        self.configuration = configuration
        self.time = time
    }

    /// The credentials, from the last run while they last.
    func credentials() async throws -> Credentials {
        if let current, current.expiry.map({ time.wall() < $0 }) ?? true { return current.credentials }
        return try await fresh()
    }

    /// Runs the program again; whether it gave other credentials than `rejected`.
    func renew(instead rejected: Credentials?) async throws -> Bool {
        // Another request may have renewed them already.
        if let current, let rejected, current.credentials != rejected { return true }
        let old = current?.credentials
        current = nil
        return try await fresh() != old
    }

    /// Whether the program needs a person at a terminal.
    nonisolated var needsTerminal: Bool { configuration.interactiveMode == .always }

    private func fresh() async throws -> Credentials {
        let task: Task<(credentials: Credentials, expiry: Timestamp?), any Error>
        if let run {
            task = run
        } else {
            task = Task { [configuration] in try await ExecPluginRun(configuration).result() }
            run = task
            runNumber += 1
        }
        let number = runNumber
        // Of those who wait for a run, one that wakes up late must not undo what a later run has brought.
        defer { if number == runNumber { run = nil } }
        let result = try await task.value
        if number == runNumber { current = result }
        return result.credentials
    }
}
