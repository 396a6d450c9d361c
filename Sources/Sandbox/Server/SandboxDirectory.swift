// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Values

/// The directory a sandbox keeps everything in: its identity, its objects, its lock and how to reach it.
public final class SandboxDirectory: Sendable {
    /// The directory.
    public let path: String
    /// The descriptor that holds the lock, while this process does.
    private let descriptor = Mutex<Int32>(-1)

    /// What runs in a directory.
    public struct Running: Sendable, Equatable {
        /// The process that serves.
        public let process: Int32
        /// The port it listens on.
        public let port: UInt16
    }

    /// Makes the directory if it is not there, for its owner alone.
    /// - Throws: `SandboxError` when that is not possible or it is someone else's.
    public init(path: String) throws(SandboxError) {
        self.path = path
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/\(part)"
            guard mkdir(partial, 0o700) == 0 || errno == EEXIST || errno == EISDIR else {
                throw SandboxError("cannot make the directory \(partial): \(Self.reason)")
            }
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw SandboxError("\(path) is not a directory")
        }
        guard status.st_uid == geteuid() else { throw SandboxError("the directory \(path) belongs to someone else") }
    }

    deinit { unlock() }

    /// The kubeconfig that the running sandbox has written: a secret file.
    public var kubeconfigPath: String { "\(path)/kubeconfig" }

    /// The database file, made for its owner alone before SQLite would make it for everybody.
    func database() throws(SandboxError) -> String {
        let file = open("\(path)/objects.db", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw SandboxError("cannot open \(path)/objects.db: \(Self.reason)") }
        close(file)
        return "\(path)/objects.db"
    }

    // MARK: The lock

    /// Takes the lock; it goes with the process, and is not inherited by others.
    /// - Throws: `SandboxError` when another sandbox runs here.
    public func lock() throws(SandboxError) {
        let file = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw SandboxError("cannot open \(path)/lock: \(Self.reason)") }
        // Someone who only asks whether a sandbox runs holds the lock for a moment.
        var attempts = 0
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            attempts += 1
            guard errno == EWOULDBLOCK, attempts < 20 else {
                close(file)
                throw SandboxError("a sandbox runs already in \(path)")
            }
            usleep(5000)
        }
        // What a crash has left behind is not what runs now.
        unlink("\(path)/server.json")
        descriptor.withLock { $0 = file }
    }

    /// Gives the lock back.
    public func unlock() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            unlink("\(path)/server.json")
            close(descriptor)
            descriptor = -1
        }
    }

    /// What runs here and answers; nil when nothing does, whatever a crash has left behind.
    public var running: Running? {
        let file = open("\(path)/lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        // Who gets the lock knows that nobody has it.
        guard flock(file, LOCK_SH | LOCK_NB) != 0 else { return nil }
        guard let known = server, let process = known["pid"]?.int, let port = known["port"]?.int else { return nil }
        return Running(process: Int32(clamping: process), port: UInt16(clamping: port))
    }

    /// Asks what runs here to stop; returns whether there was something.
    @discardableResult
    public func requestStop() -> Bool {
        guard let running else { return false }
        return kill(running.process, SIGTERM) == 0
    }

    /// Removes every object, while nothing runs here; identity and address stay.
    /// - Throws: `SandboxError` when a sandbox runs, or a file cannot be removed.
    public func forgetObjects() throws(SandboxError) {
        try lock()
        defer { unlock() }
        for file in ["objects.db", "objects.db-wal", "objects.db-shm"].map({ "\(path)/\($0)" }) {
            guard unlink(file) == 0 || errno == ENOENT else {
                throw SandboxError("cannot remove \(file): \(Self.reason)")
            }
        }
    }

    /// The kubeconfig's text, which holds the token: a secret.
    /// - Throws: `SandboxError` when it cannot be read, or nothing ever ran here.
    public func kubeconfig() throws(SandboxError) -> String {
        guard let text = try read("kubeconfig") else { throw SandboxError("no sandbox ever ran in \(path)") }
        return text
    }

    // MARK: What a server leaves here

    /// The port of the last server here; the next one keeps it, so that kubeconfigs stay true.
    var lastPort: UInt16? { (try? read("port")).flatMap { $0 }.flatMap { UInt16($0) } }

    private var server: Value? {
        guard let text = try? read("server.json") else { return nil }
        return try? Value(json: text)
    }

    func announce(port: UInt16, kubeconfig: String) throws(SandboxError) {
        let server: Value = ["pid": .int(Int64(getpid())), "port": .int(Int64(port))]
        try write("kubeconfig", kubeconfig)
        try write("port", "\(port)")
        try write("server.json", server.jsonString())
    }

    func read(_ name: String) throws(SandboxError) -> String? {
        let file = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw SandboxError("cannot read \(path)/\(name): \(Self.reason)")
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count >= 0 else { throw SandboxError("cannot read \(path)/\(name): \(Self.reason)") }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    /// Writes a file that only its owner can read, whole or not at all.
    func write(_ name: String, _ text: String) throws(SandboxError) {
        let temporary = "\(path)/.\(name).\(getpid())"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw SandboxError("cannot write \(temporary): \(Self.reason)") }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            bytes = bytes.dropFirst(count)
        }
        close(file)
        guard bytes.isEmpty, rename(temporary, "\(path)/\(name)") == 0 else {
            let reason = Self.reason
            unlink(temporary)
            throw SandboxError("cannot write \(path)/\(name): \(reason)")
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
