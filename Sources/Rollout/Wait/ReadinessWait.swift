// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records

/// Waits until the objects of a component are ready, or until it is clear that they will not be (W-1 to W-6).
struct ReadinessWait: Sendable {
    let component: String
    let observer: ClusterObserver
    let timing: Timing
    let time: TimeSource
    let log: EventLog
    let journal: Journal
    /// Reads the last lines of a container's log.
    let logTail: @Sendable (ReadinessReason.LogSource) async -> [String]

    /// Waits; returns what the user should know although everything is ready.
    ///
    /// - Throws: `ComponentFailure` with every failed object, or with what was last waited for when the time is over.
    func wait(for targets: [WaitTarget], timeout: Duration) async throws -> [String] {
        let watched = targets.filter(\.isWatched)
        let collections = watched.reduce(into: Set()) { $0.formUnion($1.collections) }
        await observer.follow(collections)
        let needsToHold = targets.contains(where: \.isWorkload)
        let began = time.monotonic()
        var round = Round(began: began)
        while true {
            try Task.checkCancellation()
            let isSynced = await observer.isSynced(collections)
            let (objects, version) = await observer.snapshot()
            let now = time.monotonic()
            if isSynced {
                await look(at: targets, in: objects, now: now, &round)
                if !round.failures.isEmpty { throw await failure(round.failures) }
            }
            if isSynced, round.blockers.isEmpty {
                let since = round.readySince ?? now
                round.readySince = since
                if !needsToHold || now - since >= timing.stability { return round.warnings }
            } else {
                round.readySince = nil
                try checkClocks(round, now: now, timeout: timeout)
            }
            // Graces and clocks run out without an event.
            await observer.change(after: version, atMost: min(timing.stability, .seconds(1)) / 2)
        }
    }

    /// What one look after the other has shown.
    private struct Round {
        let began: Duration
        var trackers: [ObjectKey: ReadinessTracker] = [:]
        var told: [ObjectKey: Readiness.Verdict] = [:]
        var blockers: [(key: ObjectKey, reason: ReadinessReason)] = []
        var failures: [(key: ObjectKey, reason: ReadinessReason)] = []
        var warnings: [String] = []
        var readySince: Duration?
        var lastProgress: Duration

        init(began: Duration) {
            self.began = began
            lastProgress = began
        }
    }

    private func look(at targets: [WaitTarget], in objects: ObjectSnapshot, now: Duration, _ round: inout Round) async {
        round.blockers = []
        round.failures = []
        round.warnings = []
        for target in targets {
            let readiness = round.trackers[target.key, default: ReadinessTracker()].judge(
                judge(target, in: objects), now: now, grace: timing.failureGrace)
            if let moved = round.trackers[target.key]?.lastProgress {
                round.lastProgress = max(round.lastProgress, moved)
            }
            if round.told[target.key] != readiness.verdict {
                round.told[target.key] = readiness.verdict
                tell(target.key, readiness)
            }
            round.warnings += readiness.warnings.map { "\(target.key.description): \($0)" }
            switch readiness.verdict {
            case .ready: break
            case .progressing(let reason), .failing(let reason): round.blockers.append((target.key, reason))
            case .failed(let reason): round.failures.append((target.key, reason))
            }
        }
        let reasons = (round.failures + round.blockers).map { Self.sentence($0.key, $0.reason) }
        let status: ModuleStatus =
            reasons.isEmpty ? .available : round.failures.isEmpty ? .progressing : .unavailable
        await journal.update(component) {
            $0.reasons = reasons
            $0.moduleStatus = status
        }
    }

    private func judge(_ target: WaitTarget, in objects: ObjectSnapshot) -> Readiness {
        let found =
            target.isWatched
            ? objects.object(target.key.kind, namespace: target.key.namespace, name: target.key.name) : target.written
        guard let found else {
            return target.isWatched ? .progressing("NotYetSeen", "it is not there yet") : .ready
        }
        return ReadinessRules.evaluate(
            found, in: ReadinessContext(objects: objects, now: time.wall(), written: target.written))
    }

    private func tell(_ key: ObjectKey, _ readiness: Readiness) {
        let verdict: RolloutEvent.Verdict
        switch readiness.verdict {
        case .ready: verdict = .ready
        case .progressing, .failing: verdict = .progressing
        case .failed: verdict = .failed
        }
        log.emit(
            .readiness(
                component: component, object: key.description, verdict: verdict,
                reason: readiness.reason?.code ?? "", message: readiness.reason.map { Self.sentence(key, $0) } ?? ""))
    }

    /// As in `pod flow-server-x2x: ImagePullBackOff: manifest unknown`, or with the object itself where no pod is at fault.
    static func sentence(_ key: ObjectKey, _ reason: ReadinessReason) -> String {
        reason.object == nil ? "\(key.description): \(reason.description)" : reason.description
    }

    /// The clocks of W-6: the one that ran out is named, with what was last waited for.
    private func checkClocks(_ round: Round, now: Duration, timeout: Duration) throws {
        let waited =
            round.blockers.isEmpty
            ? ["nothing was heard from the API server"] : round.blockers.map { Self.sentence($0.key, $0.reason) }
        if now - round.began >= timeout {
            throw ComponentFailure(
                component, .timedOut, "not ready after \(timeout.text): \(waited.joined(separator: "; "))")
        }
        if now - round.lastProgress >= timing.noProgress {
            throw ComponentFailure(
                component, .timedOut, "no progress for \(timing.noProgress.text): \(waited.joined(separator: "; "))")
        }
    }

    private func failure(_ failures: [(key: ObjectKey, reason: ReadinessReason)]) async -> ComponentFailure {
        var causes: [Cause] = []
        for (key, reason) in failures {
            var message = Self.sentence(key, reason)
            if let source = reason.log {
                let lines = await logTail(source)
                if !lines.isEmpty { message += "\n" + lines.map { "    " + $0 }.joined(separator: "\n") }
            }
            causes.append(
                Cause(
                    component: component, object: key.description, code: ExitCode.notReady.rawValue, message: message))
        }
        return ComponentFailure(causes)
    }
}

/// Why a component could not be brought to its end.
struct ComponentFailure: Error {
    var causes: [Cause]

    init(_ causes: [Cause]) { self.causes = causes }

    init(_ component: String, _ code: ExitCode, _ message: String, object: String? = nil, hint: String? = nil) {
        causes = [Cause(component: component, object: object, code: code.rawValue, message: message, hint: hint)]
    }
}

extension Duration {
    /// As people say it: `10m`, `1m30s`, `5s`.
    var text: String {
        let seconds = components.seconds
        guard seconds >= 60 else {
            return seconds > 0 || self == .zero ? "\(seconds)s" : "\(Int(self / .milliseconds(1)))ms"
        }
        let rest = seconds % 60
        return "\(seconds / 60)m" + (rest == 0 ? "" : "\(rest)s")
    }
}
