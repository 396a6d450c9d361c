// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The programs that run in the containers of the node: what the kubelet has a container runtime for.
///
/// They outlive the kubelet, which may be paused, and are known by the ids of their containers.
final class RunningPrograms: Sendable {
    /// What has become of a container's program.
    enum Status: Sendable, Equatable {
        case absent
        case running(isReady: Bool)
        case ended(ProgramExit)
    }

    /// The container that a program shall run in.
    struct Place: Sendable {
        var key: ObjectKey
        var podUID: String
        var container: String
    }

    private struct Entry {
        let place: Place
        let log: ProgramLog
        /// Its place in the order of starts.
        let number: Int
        var task: Task<Void, Never>?
        var isReady = false
        var exit: ProgramExit?
        /// Whether the pod is gone, so that nobody asks any more.
        var isForgotten = false
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var starts = 0
        var wake: @Sendable (ObjectKey) -> Void = { _ in }
    }

    private let programs: [SandboxProgram]
    private let state = Mutex(State())

    init(_ programs: [SandboxProgram]) { self.programs = programs }

    /// The program that a container runs; nil for none, so that it is simulated.
    func program(image: String, commandLine: [String]) -> SandboxProgram? {
        programs.first { $0.matches(image, commandLine) }
    }

    var isEmpty: Bool { programs.isEmpty }

    /// Calls back with the key of a pod whenever one of its programs has news.
    func onNews(_ wake: @escaping @Sendable (ObjectKey) -> Void) { state.withLock { $0.wake = wake } }

    /// What has become of the program of a container.
    func status(of id: String) -> Status {
        state.withLock { state in
            guard let entry = state.entries[id] else { return .absent }
            return entry.exit.map { .ended($0) } ?? .running(isReady: entry.isReady)
        }
    }

    /// The log of a container; nil when no program ever ran there.
    func log(of id: String) -> ProgramLog? { state.withLock { $0.entries[id]?.log } }

    /// Whether a program of a pod runs yet.
    func isRunning(pod uid: String) -> Bool {
        state.withLock { $0.entries.values.contains { $0.place.podUID == uid && $0.exit == nil } }
    }

    // MARK: Beginning and end

    /// Starts a program in a container; of the runs of that container before, only the last one is remembered.
    func start(
        _ program: SandboxProgram, id: String, at place: Place, log: ProgramLog,
        _ make: (@escaping @Sendable (Bool) -> Void) -> PodProgram
    ) {
        let run = make { [weak self] isReady in self?.note(id) { $0.isReady = isReady } }
        state.withLock { state in
            let earlier = state.entries.filter {
                $0.value.place.podUID == place.podUID && $0.value.place.container == place.container
            }.sorted { $0.value.number < $1.value.number }
            for old in earlier.dropLast() where old.value.exit != nil { state.entries[old.key] = nil }
            state.starts += 1
            state.entries[id] = Entry(place: place, log: log, number: state.starts)
            state.entries[id]?.task = Task { [weak self] in
                let exit = await Self.exit(of: program, run)
                self?.note(id) { $0.exit = exit }
            }
        }
    }

    private static func exit(of program: SandboxProgram, _ run: PodProgram) async -> ProgramExit {
        do {
            try await program.run(run)
            return ProgramExit(0)
        } catch let exit as ProgramExit {
            if !exit.message.isEmpty { run.log(exit.message) }
            return exit
        } catch is CancellationError {
            // It was asked to stop, and did.
            return ProgramExit(0)
        } catch {
            run.log("\(error)")
            return ProgramExit(1, "\(error)")
        }
    }

    private func note(_ id: String, _ change: @Sendable (inout Entry) -> Void) {
        let (wake, key) = state.withLock { state -> (@Sendable (ObjectKey) -> Void, ObjectKey?) in
            guard var entry = state.entries[id] else { return (state.wake, nil) }
            change(&entry)
            state.entries[id] = entry.isForgotten && entry.exit != nil ? nil : entry
            return (state.wake, entry.place.key)
        }
        if let key { wake(key) }
    }

    /// Asks the programs of a pod to stop.
    func cancel(pod uid: String) {
        for task in state.withLock({ $0.entries.values.filter { $0.place.podUID == uid }.compactMap(\.task) }) {
            task.cancel()
        }
    }

    /// Forgets the programs of a pod that is gone; those that run yet are stopped.
    func forget(pod uid: String) {
        cancel(pod: uid)
        state.withLock { state in
            for (id, entry) in state.entries where entry.place.podUID == uid {
                if entry.exit == nil { state.entries[id]?.isForgotten = true } else { state.entries[id] = nil }
            }
        }
    }

    /// Forgets the programs of all pods but some.
    func forget(except uids: Set<String>) {
        let known = state.withLock { Set($0.entries.values.map(\.place.podUID)) }
        for uid in known.subtracting(uids) { forget(pod: uid) }
    }

    /// Stops all programs and waits until they have.
    func stop() async {
        let tasks = state.withLock { $0.entries.values.compactMap(\.task) }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        state.withLock { $0.entries = [:] }
    }
}
