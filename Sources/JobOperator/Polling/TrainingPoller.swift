// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
import Synchronization
public import Telemetry
import Values

/// Asks the aggregators of running server jobs how far they are, and has their status say so.
///
/// It asks at an even pace, each aggregator rarely and those that do not answer ever more rarely, and tells something only
/// when something has changed: a status is never written because time has passed. Nobody is asked while there is nobody.
public final class TrainingPoller: Sendable {
    private struct State {
        var schedule: PollSchedule
        var memories: [PollSchedule.Subject: TrainingMemory] = [:]
        /// Of whom something was told.
        var told: Set<PollSchedule.Subject> = []
        var inFlight = 0
        /// When it was last looked who is to be asked.
        var looked: Duration?
        /// The namespaces in which the right to ask is missing.
        var forbidden: Set<String> = []
    }

    private let aggregator: Aggregator
    private let cache: JobCache
    private let additions: StatusAdditions
    private let events: EventRecorder
    private let terms: PollingTerms
    private let time: TimeSource
    private let chance: @Sendable () -> Double
    private let log: Log
    private let changed: @Sendable (JobKey) -> Void
    private let state: Mutex<State>

    /// Makes a poller.
    ///
    /// - Parameters:
    ///   - client: Asks, once each time.
    ///   - cache: What informers know.
    ///   - additions: Where passes over jobs find what is to be told.
    ///   - events: Where users are told of what has flipped.
    ///   - terms: How often it asks.
    ///   - time: The clocks.
    ///   - chance: Chance in `0..<1`, so that questions do not come in step.
    ///   - log: Where it is said that questions are not allowed.
    ///   - changed: Has a job reconciled of which there is something to tell.
    public init(
        client: ClusterClient, cache: JobCache, additions: StatusAdditions, events: EventRecorder,
        terms: PollingTerms = PollingTerms(), time: TimeSource = .system,
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }, log: Log = .silent,
        changed: @escaping @Sendable (JobKey) -> Void
    ) {
        aggregator = Aggregator(client: client, timeout: terms.timeout)
        self.cache = cache
        self.additions = additions
        self.events = events
        self.terms = terms
        self.time = time
        self.chance = chance
        self.log = log
        self.changed = changed
        state = Mutex(State(schedule: PollSchedule(terms: terms)))
    }

    /// How many questions wait for an answer, or for what came of it to be told.
    var inFlight: Int { state.withLock { $0.inFlight } }

    /// Asks until the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let pause: Duration
                if let subject = turn() {
                    group.addTask { await self.ask(subject) }
                    pause = terms.pace
                } else {
                    pause = rest
                }
                do {
                    try await time.sleep(pause)
                } catch {
                    break
                }
            }
            group.cancelAll()
        }
    }

    /// Says whose turn it is.
    private func turn() -> PollSchedule.Subject? {
        bringUpToDate()
        return state.withLock { state in
            guard state.inFlight < terms.concurrency, let subject = state.schedule.next(at: time.monotonic()) else {
                return nil
            }
            state.inFlight += 1
            return subject
        }
    }

    /// Looks who is to be asked: not at each turn, for there may be four a second and a thousand jobs.
    private func bringUpToDate() {
        let now = time.monotonic()
        guard state.withLock({ $0.looked.map { now - $0 >= min(terms.idle, .seconds(2)) } ?? true }) else { return }
        let running = cache.runningAggregators
        let gone = state.withLock { state in
            state.looked = now
            return state.schedule.set(running, at: now, chance: chance)
        }
        for subject in gone { end(subject) }
        forgetGone()
    }

    /// How long there is nothing to do.
    private var rest: Duration {
        state.withLock { state in
            let wait = state.schedule.wait(at: time.monotonic()) ?? terms.idle
            return max(min(wait, terms.idle), terms.pace)
        }
    }

    /// Forgets what was told of jobs that are not there any more.
    private func forgetGone() {
        let gone = state.withLock { state in
            let gone = state.told.filter { !cache.holds($0) }
            state.told.subtract(gone)
            return gone
        }
        for subject in gone { additions.set(nil, toJob: subject.uid) }
    }

    /// Asks one aggregator, and takes its answer over.
    private func ask(_ subject: PollSchedule.Subject) async {
        defer { state.withLock { $0.inFlight -= 1 } }
        guard let job = cache.job(subject.key), job.uid == subject.uid, job.isRunning else { return failed(subject) }
        do {
            let progress = try await aggregator.progress(of: job)
            let wasForbidden = state.withLock { state in
                state.schedule.answered(subject, at: time.monotonic(), chance: chance())
                return state.forbidden.remove(subject.key.namespace) != nil
            }
            if wasForbidden { log.info("aggregators may be asked", ["namespace": .string(subject.key.namespace)]) }
            tell(of: job, subject) { $0.note(progress, of: job, at: now, patience: terms.patience) }
        } catch is CancellationError {
            return
        } catch let error as APIError where error.reason == .forbidden {
            forbidden(subject, error)
        } catch {
            failed(subject)
            let reason = (error as? any ClusterFailure).map(Aggregator.reason) ?? "\(error)"
            log.debug(
                "an aggregator did not answer", ["job": .string(subject.key.description), "reason": .string(reason)])
            tell(of: job, subject) { $0.noteSilence(reason, of: job, at: now, patience: terms.patience) }
        }
    }

    private var now: TrainingMemory.Moment { TrainingMemory.Moment(wall: time.wall(), elapsed: time.monotonic()) }

    private func failed(_ subject: PollSchedule.Subject) {
        state.withLock { $0.schedule.failed(subject, at: time.monotonic(), chance: chance()) }
    }

    /// Goes on without the trainings of a namespace, says so once, and tries again much later.
    private func forbidden(_ subject: PollSchedule.Subject, _ error: APIError) {
        let namespace = subject.key.namespace
        let isNews = state.withLock { state in
            state.schedule.rest(namespace: namespace, at: time.monotonic())
            return state.forbidden.insert(namespace).inserted
        }
        guard isNews else { return }
        log.warn(
            "aggregators may not be asked: the status of jobs does not tell of their trainings",
            ["namespace": .string(namespace), "missing": "get services/proxy", "error": .string(error.logText)])
    }

    /// Tells what has changed, if anything has.
    private func tell(
        of job: IflearnerJob, _ subject: PollSchedule.Subject, _ look: (inout TrainingMemory) -> TrainingMemory.News?
    ) {
        let news = state.withLock { state -> TrainingMemory.News? in
            var memory = state.memories[subject] ?? TrainingMemory(of: job)
            let news = look(&memory)
            state.memories[subject] = memory
            if news != nil { state.told.insert(subject) }
            return news
        }
        guard let news else { return }
        additions.set(news.addition, toJob: job.uid)
        changed(job.key)
        for event in news.events { events.record(event) }
    }

    /// Closes the books of a job whose aggregator does not run any more.
    private func end(_ subject: PollSchedule.Subject) {
        if let job = cache.job(subject.key), job.uid == subject.uid, !job.isBeingDeleted {
            tell(of: job, subject) { $0.noteEnd(of: job) }
        }
        state.withLock { $0.memories[subject] = nil }
    }
}
