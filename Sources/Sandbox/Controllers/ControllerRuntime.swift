// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Runs the simulated control plane over a store: one loop, woken by changes and alarms, asleep otherwise.
actor ControllerRuntime {
    private enum Signal: Sendable {
        case change(StoreEvent)
        case alarm
        case progress
        /// The node has news of a pod that the store has not.
        case news(ObjectKey)
    }

    private let store: ObjectStore
    private let pace: Pace
    private let cluster: Cluster
    private let controllers: [any Controller]
    private var queue = WorkQueue()
    private var failures: [WorkQueue.Item: Int] = [:]
    private var current: WorkQueue.Item?
    private var alarm: (time: Duration, cancel: @Sendable () -> Void)?
    private var watch: StoreWatch?
    private var hasEnded = false
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private let signals: AsyncStream<Signal>
    private let continuation: AsyncStream<Signal>.Continuation

    private let bootstrap: Bootstrap
    private let programs: RunningPrograms?
    private let trainings: Trainings?

    /// Prepares a control plane; nothing happens before `run`.
    ///
    /// - Parameters:
    ///   - store: All that the cluster holds; whoever writes to it, the control plane follows.
    ///   - pace: The clocks, and how fast the cluster runs.
    ///   - configuration: What the cluster tells of itself.
    init(store: ObjectStore, pace: Pace, configuration: ControlPlaneConfiguration) {
        self.store = store
        self.pace = pace
        cluster = Cluster(store: store, pace: pace)
        controllers = configuration.makeControllers()
        programs = configuration.hasNode ? configuration.programs?.running : nil
        trainings = configuration.hasNode ? configuration.trainings : nil
        bootstrap = Bootstrap(version: configuration.version, port: configuration.port)
        (signals, continuation) = AsyncStream.makeStream()
    }

    /// Brings the cluster up and keeps it running until `stop` or until the task is cancelled.
    ///
    /// - Throws: `StoreError` when the store cannot be watched or written.
    func run() async throws {
        defer {
            hasEnded = true
            release()
        }
        cluster.onChange = { [unowned self] change in assumeIsolated { $0.enqueue(change) } }
        cluster.onRequeue = { [unowned self] delay in assumeIsolated { $0.requeue(after: delay) } }
        let hear: @Sendable (ObjectKey) -> Void = { [continuation] key in continuation.yield(.news(key)) }
        programs?.onNews(hear)
        trainings?.onNews(hear)
        let watch = try store.watch(nil, after: store.revision)
        // Everything is known before anything is done: an owner that has not been seen yet is not a missing one.
        for object in store.everything { cluster.follow(StoreEvent(kind: .added, object: object, previous: nil)) }
        try bootstrap.install(in: cluster)
        work()
        self.watch = watch
        if !waiters.isEmpty { watch.requestProgress() }
        await withTaskGroup { group in
            group.addTask { [continuation] in
                for await element in watch.elements {
                    switch element {
                    case .event(let event): continuation.yield(.change(event))
                    case .progress: continuation.yield(.progress)
                    }
                }
                continuation.finish()
            }
            for await signal in signals { handle(signal) }
            group.cancelAll()
        }
        alarm?.cancel()
        alarm = nil
        self.watch = nil
    }

    /// Ends `run`.
    nonisolated func stop() { continuation.finish() }

    /// Waits until everything that has been written so far is dealt with; alarms that are not due do not count.
    func settle() async {
        guard !hasEnded else { return }
        await withCheckedContinuation { waiter in
            waiters.append(waiter)
            watch?.requestProgress()
        }
    }

    /// How long nothing comes by itself, in the time of a real cluster; nil when nothing is to come.
    var rest: Duration? { queue.nextAlarm.map { max($0 - pace.elapsed(), .zero) * max(pace.scale, 1) } }

    private func release() {
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    private func handle(_ signal: Signal) {
        switch signal {
        case .change(let event): cluster.follow(event)
        case .alarm:
            alarm = nil
            queue.ring(at: pace.elapsed())
        case .news(let key):
            for (position, controller) in controllers.enumerated() where controller is Kubelet {
                queue.add(WorkQueue.Item(controller: position, key: key))
            }
        case .progress:
            // What the store had to tell before has been worked off, and our own writes with it.
            release()
        }
        work()
    }

    private func enqueue(_ change: Change) {
        for (position, controller) in controllers.enumerated() {
            for key in controller.affected(by: change, in: cluster.state) {
                queue.add(WorkQueue.Item(controller: position, key: key))
            }
        }
    }

    private func requeue(after delay: Duration) {
        guard let current else { return }
        queue.add(current, at: pace.elapsed() + delay)
    }

    /// Works until nothing is waiting.
    private func work() {
        while let item = queue.next() {
            current = item
            defer { current = nil }
            do {
                try controllers[item.controller].reconcile(item.key, in: cluster)
                failures[item] = nil
            } catch {
                // Most often a conflict: the change that caused it is already on its way to us.
                let count = min(failures[item, default: 0] + 1, 12)
                failures[item] = count
                queue.add(item, at: pace.elapsed() + .milliseconds(5 << (count - 1)))
            }
        }
        setAlarm()
    }

    private func setAlarm() {
        let next = queue.nextAlarm
        if let alarm, alarm.time == next { return }
        alarm?.cancel()
        alarm = nil
        guard let next else { return }
        let cancel = pace.schedule(max(.zero, next - pace.elapsed())) { [continuation] in continuation.yield(.alarm) }
        alarm = (next, cancel)
    }
}
