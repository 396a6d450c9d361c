// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes

/// Jobs as they are seen over time: what the API server tells of them, and what their aggregators do.
struct WatchedJobs: Sendable {
    private struct Watched: Sendable {
        var job: IflearnerJob
        var observation: TrainingObservation?
        var silence: (since: Timestamp, reason: String)?
        /// When its aggregator was last asked, by the monotonic clock.
        var asked: Duration?
    }

    private let patience: Duration
    private var watched: [JobKey: Watched] = [:]
    /// The jobs that are gone since the last look.
    private(set) var gone: [IflearnerJob] = []

    init(patience: Duration) { self.patience = patience }

    /// Takes over what the API server tells.
    mutating func apply(_ event: ReflectorEvent<KubernetesObject>) {
        switch event {
        case .replaced(let objects, _):
            let jobs = objects.map(IflearnerJob.init)
            let present = Set(jobs.map(\.uid))
            for (key, old) in watched where !present.contains(old.job.uid) {
                watched[key] = nil
                gone.append(old.job)
            }
            for job in jobs { note(job) }
        case .changed(let object): note(IflearnerJob(object))
        case .deleted(let object):
            let job = IflearnerJob(object)
            guard watched[job.key]?.job.uid == job.uid else { return }
            watched[job.key] = nil
            gone.append(job)
        case .trouble: break
        }
    }

    private mutating func note(_ job: IflearnerJob) {
        let written = TrainingObservation(of: job)
        guard var known = watched[job.key], known.job.uid == job.uid else {
            // The name has passed to another job: what is known of the old one says nothing of it.
            if let old = watched[job.key] { gone.append(old.job) }
            watched[job.key] = Watched(job: job, observation: written)
            return
        }
        known.job = job
        if let written { known.observation = known.observation.map { Self.later($0, written) } ?? written }
        watched[job.key] = known
    }

    /// Of what was seen here and what the operator wrote, what came later; of the same, who saw it first.
    private static func later(_ seen: TrainingObservation, _ written: TrainingObservation) -> TrainingObservation {
        if seen.progress == written.progress {
            return seen.lastChangeTime <= written.lastChangeTime ? seen : written
        }
        return written.lastChangeTime > seen.lastChangeTime ? written : seen
    }

    /// The jobs whose aggregators to ask next: those that were not asked for longest.
    mutating func next(_ limit: Int, at moment: Duration) -> [IflearnerJob] {
        let candidates = watched.values.filter { JobOverview($0.job).hasAggregator && !$0.job.isBeingDeleted }
        let chosen = candidates.sorted {
            ($0.asked ?? .zero - .seconds(1), $0.job.key.description)
                < ($1.asked ?? .zero - .seconds(1), $1.job.key.description)
        }.prefix(limit).map(\.job)
        for job in chosen { watched[job.key]?.asked = moment }
        return chosen
    }

    /// Takes over what an aggregator said, or why it did not.
    mutating func note(_ answer: Result<TrainingProgress, AggregatorSilence>, of job: IflearnerJob, at now: Timestamp) {
        guard var known = watched[job.key], known.job.uid == job.uid else { return }
        switch answer {
        case .success(let progress):
            known.silence = nil
            known.observation =
                known.observation?.followed(by: progress, at: now)
                ?? TrainingObservation(progress, lastChangeTime: now)
        case .failure(let failure):
            known.silence = (known.silence?.since ?? now, failure.reason)
        }
        watched[job.key] = known
    }

    /// The jobs as they are now, by namespace and name.
    func overviews(at now: Timestamp) -> [JobOverview] {
        watched.values.map { known in
            var overview = JobOverview(known.job)
            guard let observation = known.observation else {
                overview.silence = known.silence?.reason
                return overview
            }
            overview.training = JobOverview.Training(
                progress: observation.progress, lastChangeTime: observation.lastChangeTime)
            overview.silence = known.silence?.reason
            overview.verdict = TrainingVerdict(
                observation, isRunning: known.job.isRunning, rest: now - observation.lastChangeTime,
                silence: known.silence.map {
                    TrainingVerdict.Silence(since: $0.since, reason: $0.reason, duration: now - $0.since)
                }, patience: patience)
            return overview
        }.sorted {
            ($0.job.key.namespace, $0.job.key.name) < ($1.job.key.namespace, $1.job.key.name)
        }
    }

    /// The jobs that are gone since the last call.
    mutating func takeGone() -> [IflearnerJob] {
        defer { gone = [] }
        return gone
    }
}

/// Why an aggregator did not say how far it is.
struct AggregatorSilence: Error, Sendable, Hashable {
    let reason: String
}
