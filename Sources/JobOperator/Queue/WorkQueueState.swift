// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Telemetry

/// What a work queue knows, without waiting and clocks: which keys wait, which are worked on, which came again meanwhile.
struct WorkQueueState<Key: Hashable & Sendable>: Sendable {
    private var line = KeyRing<Key>()
    /// What has to be worked on, with the moment at which it was added.
    private var dirty: [Key: Duration] = [:]
    /// What is being worked on, with the moment at which that began.
    private var processing: [Key: Duration] = [:]
    private(set) var isShutDown = false
    private(set) var adds = 0
    private(set) var waitTimes = Histogram(bounds: Histogram.queueBounds)
    private(set) var workTimes = Histogram(bounds: Histogram.queueBounds)

    /// How many keys could be taken.
    var depth: Int { line.count }
    /// Whether no key is worked on.
    var isIdle: Bool { processing.isEmpty }
    /// How many keys are worked on.
    var active: Int { processing.count }

    /// How long the keys that are worked on have been, the longest one's time first.
    func workTimes(at now: Duration) -> [Duration] { processing.values.map { now - $0 }.sorted(by: >) }

    /// Adds a key: it waits once, and never while it is worked on.
    mutating func add(_ key: Key, now: Duration) {
        guard !isShutDown, dirty[key] == nil else { return }
        dirty[key] = now
        adds += 1
        if processing[key] == nil { line.append(key) }
    }

    /// Takes the key that waits longest.
    mutating func take(now: Duration) -> Key? {
        guard let key = line.popFirst() else { return nil }
        if let added = dirty.removeValue(forKey: key) { waitTimes.observe(now - added) }
        processing[key] = now
        return key
    }

    /// Ends the work on a key; one that came again meanwhile waits now.
    mutating func finish(_ key: Key, now: Duration) {
        guard let began = processing.removeValue(forKey: key) else { return }
        workTimes.observe(now - began)
        if dirty[key] != nil { line.append(key) }
    }

    /// Takes no keys any more and forgets those that wait.
    mutating func shutDown() {
        isShutDown = true
        line = KeyRing()
        dirty = [:]
    }
}
