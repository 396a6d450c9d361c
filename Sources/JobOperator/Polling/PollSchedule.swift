// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Whose turn it is to be asked: a value that knows nothing of clocks and tasks.
struct PollSchedule: Sendable {
    /// A job by what identifies it over its life.
    struct Subject: Sendable, Hashable {
        var uid: String
        var key: JobKey
    }

    private struct Entry: Sendable {
        var due: Duration
        var failures = 0
        /// Whether an answer is awaited.
        var isAsked = false
    }

    private let terms: PollingTerms
    private var entries: [Subject: Entry] = [:]

    init(terms: PollingTerms) { self.terms = terms }

    /// How many are asked at all.
    var count: Int { entries.count }

    /// Takes over who is to be asked; those that are not any more are returned.
    ///
    /// New ones are asked within a moment, not all at once; `chance` is in `0..<1`.
    mutating func set(_ subjects: Set<Subject>, at now: Duration, chance: () -> Double) -> [Subject] {
        let gone = entries.keys.filter { !subjects.contains($0) }
        for subject in gone { entries[subject] = nil }
        for subject in subjects where entries[subject] == nil {
            entries[subject] = Entry(due: now + min(terms.interval, .seconds(2)) * chance())
        }
        return gone
    }

    /// The one whose turn it is, if it is anybody's; an answer or a failure has to follow.
    mutating func next(at now: Duration) -> Subject? {
        guard let (subject, entry) = earliest, entry.due <= now else { return nil }
        entries[subject]?.isAsked = true
        return subject
    }

    /// The time until it is somebody's turn; nil when nobody waits for it.
    func wait(at now: Duration) -> Duration? { earliest.map { max($0.entry.due - now, .zero) } }

    private var earliest: (subject: Subject, entry: Entry)? {
        var found: (subject: Subject, entry: Entry)?
        for (subject, entry) in entries where !entry.isAsked {
            guard let best = found else {
                found = (subject, entry)
                continue
            }
            if (entry.due, subject.uid) < (best.entry.due, best.subject.uid) { found = (subject, entry) }
        }
        return found
    }

    /// Notes an answer: the next question comes after the interval.
    mutating func answered(_ subject: Subject, at now: Duration, chance: Double) {
        put(subject, failures: 0, due: now + terms.interval * (0.75 + chance / 2))
    }

    /// Notes that there was no answer: the next question comes later from time to time.
    mutating func failed(_ subject: Subject, at now: Duration, chance: Double) {
        guard let entry = entries[subject] else { return }
        var delay = terms.interval
        for _ in 0..<min(entry.failures, 16) where delay < terms.longestInterval { delay *= 2 }
        put(
            subject, failures: entry.failures + 1,
            due: now + min(delay, terms.longestInterval) * (0.75 + chance / 2))
    }

    /// Leaves the jobs of a namespace alone for the longest time there is, for they may not be asked.
    mutating func rest(namespace: String, at now: Duration) {
        for subject in entries.keys where subject.key.namespace == namespace {
            entries[subject]?.due = now + terms.longestInterval
            entries[subject]?.isAsked = false
        }
    }

    private mutating func put(_ subject: Subject, failures: Int, due: Duration) {
        // Whoever is not to be asked any more stays out.
        guard entries[subject] != nil else { return }
        entries[subject] = Entry(due: due, failures: failures)
    }
}
