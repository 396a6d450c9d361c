// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
import Synchronization
public import Telemetry
import Values

/// Writes events about jobs in the background: recording one never waits and never fails.
///
/// Whoever owns the recorder lets ``run()`` go on beside the reconciling. What comes faster than it can be written is dropped:
/// events are for people, and a controller that waits for them has its priorities wrong.
public final class EventRecorder: Sendable {
    private static let capacity = 1000

    private let client: ClusterClient
    private let component: String
    private let time: TimeSource
    private let log: Log
    private let stream: AsyncStream<JobEvent>
    private let buffer: AsyncStream<JobEvent>.Continuation
    private let correlator = Mutex(EventCorrelator())
    private let lastStamp = Mutex(Int64(0))

    /// Makes a recorder; `component` is who reports, as in `kubectl describe`, and the log tells of the events too.
    public init(
        client: ClusterClient, component: String = JobContract.fieldManager, time: TimeSource = .system,
        log: Log = .silent
    ) {
        // Events must not stand in the way of writes that matter.
        self.client = client.on(.status)
        self.component = component
        self.time = time
        self.log = log
        (stream, buffer) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.capacity))
    }

    /// Takes an event; it is written later, or dropped.
    public func record(_ event: JobEvent) { buffer.yield(event) }

    /// Takes no more events: ``run()`` ends when the last one is written.
    public func finish() { buffer.finish() }

    /// Writes events until the task is cancelled, or the last one after ``finish()``.
    public func run() async {
        for await event in stream { await write(event) }
    }

    private func write(_ event: JobEvent) async {
        let now = time.monotonic()
        let wall = time.wall()
        switch correlator.withLock({ $0.take(event, at: now) }) {
        case .drop: break
        case .create(let event, let key):
            log.event(
                event.severity == .warning ? .warn : .info, "event",
                [
                    "namespace": .string(event.subject.key.namespace), "job": .string(event.subject.key.name),
                    "reason": .string(event.reason), "event": .string(event.message),
                ])
            await create(event, key, now, wall)
        case .count(let event, let key, let name, let count, let since):
            guard await countUp(event, name, count, wall) else {
                correlator.withLock { $0.forget(key) }
                return await create(event, key, now, wall)
            }
            correlator.withLock { $0.noted(key, name: name, count: count, since: since, at: now) }
        }
    }

    private func create(_ event: JobEvent, _ key: EventCorrelator.Key, _ now: Duration, _ wall: Timestamp) async {
        let name = name(event, wall)
        do {
            _ = try await client.create(
                object(event, name, wall),
                options: WriteOptions(fieldManager: JobContract.fieldManager, fieldValidation: .ignore))
            correlator.withLock { $0.noted(key, name: name, count: 1, since: wall, at: now) }
        } catch {
            // Whoever may not write events, or whose namespace is going, does without.
        }
    }

    /// Whether the Event is still there.
    private func countUp(_ event: JobEvent, _ name: String, _ count: Int64, _ wall: Timestamp) async -> Bool {
        let key = ObjectKey(.event, namespace: event.subject.key.namespace, name: name)
        let patch: Value = [
            "count": .int(count), "lastTimestamp": .string(wall.rfc3339), "message": .string(event.message),
        ]
        do {
            _ = try await client.patch(
                key, .merge, patch,
                options: WriteOptions(fieldManager: JobContract.fieldManager, fieldValidation: .ignore))
            return true
        } catch let error as APIError where error.reason == .notFound {
            return false
        } catch {
            return true
        }
    }

    private func object(_ event: JobEvent, _ name: String, _ wall: Timestamp) -> KubernetesObject {
        let subject = event.subject
        let stamp = Value.string(wall.rfc3339)
        return KubernetesObject([
            "apiVersion": "v1", "kind": "Event",
            "metadata": ["name": .string(name), "namespace": .string(subject.key.namespace)],
            "involvedObject": [
                "apiVersion": .string(subject.apiVersion), "kind": .string(subject.kind),
                "namespace": .string(subject.key.namespace), "name": .string(subject.key.name),
                "uid": .string(subject.uid), "resourceVersion": .string(subject.resourceVersion),
            ],
            "type": .string(event.severity.rawValue), "reason": .string(event.reason),
            "message": .string(event.message), "source": ["component": .string(component)],
            "firstTimestamp": stamp, "lastTimestamp": stamp, "count": 1,
        ])
    }

    /// The subject's name with the time after it, as client-go has it; a cut name must not end in a point or a dash.
    private func name(_ event: JobEvent, _ wall: Timestamp) -> String {
        var stem = event.subject.key.name.prefix(220)
        while let last = stem.last, last == "." || last == "-" { stem.removeLast() }
        let time = wall.seconds &* 1_000_000_000 &+ Int64(wall.nanoseconds)
        // Two events of one moment are two events.
        let stamp = lastStamp.withLock { last in
            last = max(last &+ 1, time)
            return last
        }
        return "\(stem).\(String(stamp, radix: 16))"
    }
}
