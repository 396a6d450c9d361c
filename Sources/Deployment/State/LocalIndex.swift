// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
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
        /// Whether it removes everything of the deployment.
        public var isRemoval: Bool

        /// Notes a job.
        public init(
            job: String, deployment: String, namespace: String, server: String, isRemoval: Bool = false
        ) {
            self.job = job
            self.deployment = deployment
            self.namespace = namespace
            self.server = server
            self.isRemoval = isRemoval
        }
    }

    /// Beyond this many bytes the file is cut to half of them: some thousand jobs.
    private static let largestFile = 500_000
    private let state: StateDirectory

    /// The index in a state directory.
    public init(_ state: StateDirectory) { self.state = state }

    private var path: String { "\(state.path)/index.jsonl" }

    /// The entries of a server, newest first; none where the file is missing or cannot be read, which costs a hint only.
    public func entries(of server: String) -> [Entry] {
        guard let bytes = FileManager.default.contents(atPath: path) else { return [] }
        return Self.lines(of: bytes).compactMap(Self.entry).filter { $0.server == server }.reversed()
    }

    /// Adds a job.
    ///
    /// One write appends a whole line, so that several processes can add at once; a file that has grown is cut.
    public func add(_ entry: Entry) throws(StateDirectoryError) {
        try state.make()
        var line: Mapping = [
            "job": .string(entry.job), "deployment": .string(entry.deployment), "namespace": .string(entry.namespace),
            "server": .string(entry.server),
        ]
        if entry.isRemoval { line["removal"] = true }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .notWritable(path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        let bytes = Value.mapping(line).json() + [UInt8(ascii: "\n")]
        let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard written == bytes.count else { throw .notWritable(path, reason: String(cString: strerror(errno))) }
        var status = stat()
        if fstat(file, &status) == 0, status.st_size > Self.largestFile { try cut() }
    }

    /// Keeps the newest half; the file is replaced as a whole.
    private func cut() throws(StateDirectoryError) {
        guard let bytes = FileManager.default.contents(atPath: path) else { return }
        var kept: [String] = []
        var size = 0
        for line in Self.lines(of: bytes).reversed() {
            size += line.utf8.count + 1
            guard size <= Self.largestFile / 2 else { break }
            kept.append(line)
        }
        let text = kept.reversed().map { $0 + "\n" }.joined()
        let next = "\(path).\(getpid())"
        guard
            FileManager.default.createFile(
                atPath: next, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw .notWritable(next, reason: String(cString: strerror(errno))) }
        guard rename(next, path) == 0 else {
            throw .notWritable(path, reason: String(cString: strerror(errno)))
        }
    }

    private static func lines(of bytes: Data) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func entry(_ line: String) -> Entry? {
        guard let value = try? Value(json: line), let job = value["job"]?.string,
            let deployment = value["deployment"]?.string, let namespace = value["namespace"]?.string,
            let server = value["server"]?.string
        else { return nil }
        return Entry(
            job: job, deployment: deployment, namespace: namespace, server: server,
            isRemoval: value["removal"]?.bool ?? false)
    }
}
