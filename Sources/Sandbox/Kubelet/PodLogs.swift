// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The logs of simulated containers, as `pods/log` serves them.
struct PodLogs: Sendable {
    let store: ObjectStore
    let pace: Pace
    /// The programs that really run, whose logs are their own.
    var programs: RunningPrograms?

    /// Opens the log of a container.
    ///
    /// - Returns: Bytes of whole lines; ends at once when the log is not followed, else when the container has ended.
    /// - Throws: `StatusError` when the pod or container is not there or has not written anything yet.
    func open(namespace: String, name: String, _ options: PodLogOptions) throws -> AsyncStream<[UInt8]> {
        let key = ObjectKey(.pods, namespace: namespace, name: name)
        guard let stored = store.get(key) else { throw StatusError.notFound(.pods, name) }
        let pod = Fields(stored.value)
        let container = try Self.container(of: pod, options)
        let (bytes, continuation) = AsyncStream<[UInt8]>.makeStream()
        guard pod.spec.nodeName.nonEmpty != nil else {
            continuation.finish()
            return bytes
        }
        let run = try ContainerRun(pod, container, previous: options.previous)
        var reader = LogReader(run: run, options: options, pace: pace, recorded: programs?.log(of: run.id))
        continuation.yield(reader.read())
        guard options.follow, !run.hasEnded, !reader.isFull else {
            continuation.finish()
            return bytes
        }
        let task = Task { [store, pace] in
            await Self.follow(key, reader, store: store, pace: pace, into: continuation)
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return bytes
    }

    /// Writes lines as they come, until the container has ended or the reader has gone.
    private static func follow(
        _ key: ObjectKey, _ opened: LogReader, store: ObjectStore, pace: Pace,
        into continuation: AsyncStream<[UInt8]>.Continuation
    ) async {
        var reader = opened
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let watch: StoreWatch
        do {
            watch = try store.watch([.pods], after: store.revision)
        } catch {
            // Only a closing store does not let itself be watched: the log ends with it.
            return
        }
        let watching = Task {
            for await case .event(let event) in watch.elements where event.object.key == key { wake.yield() }
            wake.finish()
        }
        let listening = reader.recorded.map { recorded in
            Task { for await _ in recorded.changes { wake.yield() } }
        }
        defer {
            watching.cancel()
            listening?.cancel()
        }
        wake.yield()
        var cancel: @Sendable () -> Void = {}
        for await _ in wakes {
            cancel()
            let goesOn = reader.update(store.get(key).map { Fields($0.value) })
            let bytes = reader.read()
            if !bytes.isEmpty { continuation.yield(bytes) }
            guard goesOn, !reader.isFull else { return }
            if let delay = reader.untilNext { cancel = pace.schedule(delay) { wake.yield() } }
        }
        cancel()
    }

    // MARK: Choosing the container

    private static func container(of pod: Fields, _ options: PodLogOptions) throws -> Fields {
        let containers = pod.spec.containers.list
        let initial = pod.spec.initContainers.list
        if let wanted = options.container {
            if let found = (containers + initial).first(where: { $0.name.text == wanted }) { return found }
            throw StatusError.badRequest("container \(wanted) is not valid for pod \(pod.objectName)")
        }
        if containers.count == 1, let only = containers.first { return only }
        func names(_ list: [Fields]) -> String { "[\(list.map(\.name.text).joined(separator: " "))]" }
        let others = initial.isEmpty ? "" : " or one of the init containers: \(names(initial))"
        throw StatusError.badRequest(
            "a container name must be specified for pod \(pod.objectName), choose one of: \(names(containers))\(others)"
        )
    }
}

/// One run of a container, from its start to its end.
struct ContainerRun: Sendable, Equatable {
    var id: String
    var image: String
    var container: String
    var start: Timestamp
    var end: Timestamp?
    var failed = false

    /// Whether the run is over.
    var hasEnded: Bool { end != nil }

    /// Finds the run whose log is wanted.
    ///
    /// - Throws: `StatusError` when the container has not run yet.
    init(_ pod: Fields, _ container: Fields, previous: Bool) throws {
        let name = container.name.text
        let statuses = pod.status.containerStatuses.list + pod.status.initContainerStatuses.list
        let status = statuses.first { $0.name.text == name } ?? Fields(nil)
        let last = status.lastState.terminated
        var ended = previous ? last : status.state.terminated
        if previous, !last.exists {
            throw StatusError.badRequest(
                "previous terminated container \"\(name)\" in pod \"\(pod.objectName)\" not found")
        }
        if !previous, !status.state.running.exists, !ended.exists { ended = last }
        guard ended.exists || status.state.running.exists else {
            throw StatusError.badRequest(
                "container \"\(name)\" in pod \"\(pod.objectName)\" is waiting to start: \(Self.why(status))")
        }
        self.container = name
        image = container.image.text
        id = ended.exists ? ended.containerID.text : status.containerID.text
        let since = ended.exists ? ended.startedAt.time : status.state.running.startedAt.time
        start = since ?? Timestamp(seconds: 0)
        end = ended.exists ? ended.finishedAt.time ?? start : nil
        failed = ended.exists && ended.exitCode.number != 0 && ended.reason.text != "OOMKilled"
    }

    private static func why(_ status: Fields) -> String {
        switch status.state.waiting.reason.text {
        case "ErrImagePull": "image can't be pulled"
        case "ImagePullBackOff": "trying and failing to pull image"
        case "": "ContainerCreating"
        case let reason: reason
        }
    }
}

/// Reads a container's log on and on, each line once.
struct LogReader: Sendable {
    private var run: ContainerRun
    private let options: PodLogOptions
    private let pace: Pace
    private let script: LogScript
    /// What was written by a program that really runs; nil for a container that is simulated.
    let recorded: ProgramLog?
    /// The place of the last line that was given or passed over.
    private var position = -1
    private var isFirst = true
    private var written = 0

    init(run: ContainerRun, options: PodLogOptions, pace: Pace, recorded: ProgramLog? = nil) {
        self.run = run
        self.recorded = recorded
        self.options = options
        self.pace = pace
        script = LogScript(image: run.image, container: run.container)
    }

    /// Whether as many bytes as wanted have been given.
    var isFull: Bool { options.limitBytes.map { written >= $0 } ?? false }

    /// How long it is until the next line.
    var untilNext: Duration? {
        guard recorded == nil else { return nil }
        let now = pace.wallTime()
        return script.next(after: now, start: run.start, scale: pace.scale).map { $0 - now }
    }

    /// Looks at the pod again; false when the run is over, or the pod gone.
    mutating func update(_ pod: Fields?) -> Bool {
        let containers = pod.map { $0.spec.containers.list + $0.spec.initContainers.list } ?? []
        guard let pod, let container = containers.first(where: { $0.name.text == run.container })
        else { return false }
        do {
            let now = try ContainerRun(pod, container, previous: false)
            guard now.id == run.id else { return false }
            run = now
            return !run.hasEnded
        } catch {
            // The container waits to be started again: this run of it is over.
            return false
        }
    }

    private var scripted: [LogLine] {
        script.lines(
            from: run.start, until: run.end ?? pace.wallTime(),
            ending: run.end == nil ? nil : run.failed ? .failed : .silent, scale: pace.scale)
    }

    /// The lines that have not been given yet, as bytes.
    mutating func read() -> [UInt8] {
        var lines = recorded?.lines ?? scripted
        if let since = options.sinceTime { lines.removeAll { $0.time < since } }
        if let seconds = options.sinceSeconds {
            let since = pace.wallTime() + .seconds(-seconds)
            lines.removeAll { $0.time < since }
        }
        lines.removeAll { $0.place <= position }
        position = lines.last?.place ?? position
        if isFirst, let tail = options.tailLines { lines = Array(lines.suffix(tail)) }
        isFirst = false
        var bytes: [UInt8] = []
        for line in lines {
            if options.timestamps { bytes += Array("\(line.time.precise) ".utf8) }
            bytes += Array(line.text.utf8) + [10]
        }
        if let limit = options.limitBytes { bytes = Array(bytes.prefix(max(0, limit - written))) }
        written += bytes.count
        return bytes
    }
}
