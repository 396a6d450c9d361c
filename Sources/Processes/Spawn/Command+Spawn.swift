// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSpawn
internal import Glibc

extension Command {
    /// Starts the program.
    ///
    /// It gets exactly the descriptors that it is given, default signal actions and an empty signal mask.
    public func spawn() throws(SpawnError) -> ChildProcess {
        guard let path = Environment.findExecutable(executable, path: environment["PATH"]) else {
            throw .notFound(executable)
        }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        guard posix_spawn_file_actions_init(&actions) == 0, posix_spawnattr_init(&attributes) == 0 else {
            throw .refused(executable, reason: "out of memory")
        }
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // Copies above every number that the child uses: a source must not be overwritten before it is copied.
        var sources: [Int32?] = []
        defer { for descriptor in sources.compactMap(\.self) { close(descriptor) } }
        for (number, stream) in [input, output, errors].enumerated() {
            sources.append(try copy(of: stream == .inherit ? .descriptor(Int32(number)) : stream))
        }
        for descriptor in passedDescriptors { sources.append(try copy(of: .descriptor(descriptor))) }
        var code: Int32 = 0
        for (target, source) in sources.enumerated() where code == 0 {
            let target = Int32(target)
            if let source {
                code = posix_spawn_file_actions_adddup2(&actions, source, target)
            } else {
                code = posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
            }
        }
        if code == 0 { code = cspawn_close_from(&actions, Int32(sources.count)) }
        if code == 0, let directory { code = cspawn_change_directory(&actions, directory) }
        if code == 0 { code = cspawn_reset_signals(&attributes, ownSession ? 1 : 0) }
        guard code == 0 else { throw .refused(executable, reason: String(cString: strerror(code))) }
        return try start(path, &actions, &attributes)
    }

    private func start(
        _ path: String, _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
    ) throws(SpawnError) -> ChildProcess {
        var pid = pid_t()
        let texts = [executable] + arguments
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        guard !(texts + variables + [directory ?? ""]).contains(where: { $0.utf8.contains(0) }) else {
            throw .refused(executable, reason: "an argument or a variable holds a NUL byte")
        }
        var vectors = (texts + variables).map { strdup($0) }
        defer { for text in vectors { free(text) } }
        vectors.insert(nil, at: texts.count)
        vectors.append(nil)
        let code = vectors.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return EINVAL }
            return posix_spawn(&pid, path, &actions, &attributes, base, base + texts.count + 1)
        }
        guard code == 0 else { throw .refused(executable, reason: String(cString: strerror(code))) }
        return ChildProcess(pid: pid)
    }

    /// A copy of a stream's descriptor; nil for none.
    private func copy(of stream: Stream) throws(SpawnError) -> Int32? {
        guard case .descriptor(let descriptor) = stream else { return nil }
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 64)
        if copy >= 0 { return copy }
        // A standard stream that we do not have ourselves is none for the child either.
        if errno == EBADF, descriptor < 3 { return nil }
        throw .refused(executable, reason: String(cString: strerror(errno)))
    }
}
