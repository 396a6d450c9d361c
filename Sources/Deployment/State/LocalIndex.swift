// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

/// The jobs that this machine started: a hint where to look, never the truth, which is in the cluster.
///
/// One JSON object a line in `index.jsonl` of the state directory; a damaged line is passed over.
public struct LocalIndex: Sendable {
    /// A job that was started here.
    public struct Entry: Sendable, Hashable {
        /// The job's id.
        public var job: String
        /// The deployment it works on.
        public var deployment: String
        /// The namespace of the deployment's records.
        public var namespace: String
        /// The URL of the API server.
        public var server: String

        /// Notes a job.
        public init(job: String, deployment: String, namespace: String, server: String) {
            self.job = job
            self.deployment = deployment
            self.namespace = namespace
            self.server = server
        }
    }

    private static let capacity = 500
    private let state: StateDirectory

    /// The index in a state directory.
    public init(_ state: StateDirectory) { self.state = state }

    private var path: String { "\(state.path)/index.jsonl" }

    /// The entries of a server, newest first.
    public func entries(of server: String) -> [Entry] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            // No file is the normal case before the first job, and an unreadable one costs a hint only.
            return []
        }
        return text.split(separator: "\n").compactMap { Self.entry(String($0)) }.filter { $0.server == server }
            .reversed()
    }

    /// Adds a job.
    public func add(_ entry: Entry) throws(StateDirectoryError) {
        try state.make()
        let line: Value = [
            "job": .string(entry.job), "deployment": .string(entry.deployment), "namespace": .string(entry.namespace),
            "server": .string(entry.server),
        ]
        let before = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
        let lines = before.suffix(Self.capacity - 1) + [line.jsonString()]
        do {
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch {
            throw .notWritable(path, reason: "\(error)")
        }
    }

    private static func entry(_ line: String) -> Entry? {
        guard let value = try? Value(json: line), let job = value["job"]?.string,
            let deployment = value["deployment"]?.string, let namespace = value["namespace"]?.string,
            let server = value["server"]?.string
        else { return nil }
        return Entry(job: job, deployment: deployment, namespace: namespace, server: server)
    }
}
