// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Crypto
import FoundationEssentials
import Glibc
import Processes
import Sandbox
import Synchronization
import TestSupport
import Testing
import Values

/// A sandbox of its own for one test, and a user of it: a home with a kubeconfig, and the built program.
final class TestCluster: Sendable {
    /// The API server with its simulated cluster.
    let server: SandboxServer
    /// Speaks to it, for what a test looks at.
    let client: ClusterClient
    /// Where the user lives.
    let home: Folder
    /// The environment of the user's programs.
    let environment: [String: String]
    private let runs = Mutex<[Finished]>([])

    /// By how much every duration is divided, of the program and of the cluster.
    static let timeScale = 20

    /// Runs a test against a fresh sandbox, and looks for leaked secrets at its end.
    static func with(
        _ configure: (inout SandboxConfiguration) -> Void = { _ in }, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (TestCluster) async throws -> Void
    ) async throws {
        var configuration = SandboxConfiguration()
        configuration.timeScale = Double(timeScale)
        configure(&configuration)
        try await Turns.shared.take {
            let cluster = try TestCluster(try await SandboxServer.start(configuration))
            do {
                try await body(cluster)
                try await cluster.expectNoLeak(sourceLocation)
            } catch {
                await cluster.end(showing: "\(error)", sourceLocation)
                throw error
            }
            await cluster.end(showing: nil, sourceLocation)
        }
    }

    private init(_ server: SandboxServer) throws {
        self.server = server
        home = try Folder()
        chmod(try home.write("kubeconfig", server.kubeconfig), 0o600)
        environment = [
            "HOME": home.path, "KUBECONFIG": "\(home.path)/kubeconfig", "PATH": "/usr/local/bin:/usr/bin:/bin",
            "IFLEARNERCTL_STATE_DIR": "\(home.path)/state", "IFLEARNERCTL_TIME_SCALE": "\(Self.timeScale)",
            "LC_ALL": "C",
        ]
        client = server.client(over: CurlTransport(try server.endpoint()), userAgent: "end-to-end-test")
    }

    private func end(showing failure: String?, _ sourceLocation: SourceLocation) async {
        if failure != nil {
            let all = runs.withLock { $0 }.map(\.description).joined(separator: "\n")
            Issue.record("what was run before:\n\(all)", sourceLocation: sourceLocation)
        }
        await killWorkers()
        await server.stop()
        home.remove()
    }

    /// Everything that was printed so far.
    var printed: String { runs.withLock { $0 }.map { $0.output + $0.errors }.joined() }

    // MARK: Running

    /// Runs the program to its end; `changes` are variables that differ from the user's, an empty one is left out.
    @discardableResult
    func run(
        _ arguments: String..., with changes: [String: String] = [:], in directory: String? = nil, input: String? = nil
    ) async throws -> Finished {
        try await run(arguments, with: changes, in: directory, input: input)
    }

    /// Runs the program to its end.
    @discardableResult
    func run(
        _ arguments: [String], with changes: [String: String] = [:], in directory: String? = nil,
        input: String? = nil
    ) async throws -> Finished {
        let finished = try await Program.run(
            arguments, environment: environment(with: changes), directory: directory ?? Program.package, input: input)
        runs.withLock { $0.append(finished) }
        return finished
    }

    /// The environment of the user with changes; an empty value leaves a variable out.
    func environment(with changes: [String: String]) -> [String: String] {
        environment.merging(changes) { $1 }.filter { !$0.value.isEmpty }
    }

    /// Starts the program and goes on; what it prints is in the files.
    func start(_ arguments: String..., output: AnonymousFile, errors: AnonymousFile) throws -> ChildProcess {
        try start(arguments, output: output, errors: errors)
    }

    /// Starts the program and goes on; what it prints is in the files.
    func start(_ arguments: [String], output: AnonymousFile, errors: AnonymousFile) throws -> ChildProcess {
        var command = Command(Program.path, arguments, environment: environment)
        command.directory = Program.package
        command.output = .descriptor(output.descriptor)
        command.errors = .descriptor(errors.descriptor)
        return try command.spawn()
    }

    // MARK: Looking

    /// An object; nil when it is not there.
    func find(_ kind: GroupVersionKind, _ name: String, in namespace: String? = nil) async throws -> KubernetesObject? {
        try await client.find(ObjectKey(kind, namespace: namespace, name: name))
    }

    /// Waits until an object that is being deleted is gone.
    func waitGone(_ kind: GroupVersionKind, _ name: String, in namespace: String) async throws {
        guard let found = try await find(kind, name, in: namespace) else { return }
        #expect(found.deletionTimestamp != nil, "\(found.key) is not being deleted")
        let changes = client.watch(
            kind, namespace: namespace, selector: Selector(fields: ["metadata.name": name]),
            from: found.resourceVersion ?? "")
        for try await change in changes {
            if case .deleted = change { return }
        }
        Issue.record("\(found.key) is still there")
    }

    /// The objects of a kind.
    func list(_ kind: GroupVersionKind, in namespace: String? = nil) async throws -> [KubernetesObject] {
        try await client.list(kind, namespace: namespace).items
    }

    /// The stored writes of the program to anything but its records and locks.
    var objectWrites: [LoggedRequest] {
        server.requests.filter { request in
            request.userAgent.hasPrefix("iflearnerctl") && request.isWrite && request.status < 400
                && !request.target.contains("dryRun=All") && !request.path.contains("iflearnerctl.")
                && !request.path.hasSuffix("/leases") && !request.path.contains("/selfsubject")
                // Records are the only Secrets that are made by POST.
                && !(request.method == "POST" && request.path.hasSuffix("/secrets"))
        }
    }

    /// Every stored write of the program, those of records and locks too.
    var writes: [LoggedRequest] {
        server.requests.filter {
            $0.userAgent.hasPrefix("iflearnerctl") && $0.isWrite && $0.status < 400
                && !$0.target.contains("dryRun=All") && !$0.path.contains("/selfsubject")
        }
    }

    /// The detached workers of this user that run.
    func workers() -> [Int32] {
        let marker = "IFLEARNERCTL_STATE_DIR=\(home.path)/state"
        return (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { name in
            guard let pid = Int32(name),
                let words = FileManager.default.contents(atPath: "/proc/\(name)/cmdline"),
                String(decoding: words, as: UTF8.self).contains("__worker"),
                let variables = FileManager.default.contents(atPath: "/proc/\(name)/environ"),
                String(decoding: variables, as: UTF8.self).split(separator: "\0").contains(Substring(marker))
            else { return nil }
            return pid
        } ?? []
    }

    /// Ends what a test has left running.
    private func killWorkers() async {
        for pid in workers() { kill(pid, SIGKILL) }
    }
}
