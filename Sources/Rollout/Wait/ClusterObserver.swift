// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes

/// Follows collections of objects: one list and one watch per kind and namespace, however many wait for them (W-2).
actor ClusterObserver {
    /// Objects of a kind in a namespace.
    struct Collection: Hashable, Sendable {
        var kind: GroupVersionKind
        var namespace: String?
    }

    private let client: ClusterClient
    private let time: TimeSource
    private let poll: Duration
    private var objects: [Collection: [ObjectKey: KubernetesObject]] = [:]
    private var synced: Set<Collection> = []
    private var followers: [Collection: Task<Void, Never>] = [:]
    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var nextWaiter = 0
    private var version = 0

    init(client: ClusterClient, time: TimeSource, poll: Duration) {
        self.client = client.on(.status)
        self.time = time
        self.poll = poll
    }

    /// Starts to follow what is not followed yet.
    func follow(_ collections: Set<Collection>) {
        for collection in collections where followers[collection] == nil {
            followers[collection] = Task { await run(collection) }
        }
    }

    /// Ends every watch.
    func stop() {
        for follower in followers.values { follower.cancel() }
        followers = [:]
        for waiter in waiters.keys { wake(waiter) }
    }

    /// Whether everything of these collections is known.
    func isSynced(_ collections: Set<Collection>) -> Bool { collections.isSubset(of: synced) }

    /// What is known now, and a number that changes with it.
    func snapshot() -> (objects: ObjectSnapshot, version: Int) {
        let known = Set(synced.map(\.kind.groupKind))
        return (ObjectSnapshot(objects.values.flatMap(\.values), knownKinds: known), version)
    }

    /// The object of a key as it was last seen; nil when it is not there.
    func object(_ key: ObjectKey) -> KubernetesObject? {
        objects[Collection(kind: key.kind, namespace: key.namespace)]?[key]
    }

    /// Returns when something changed after a version, the time is over or the task is cancelled.
    func change(after seen: Int, atMost limit: Duration) async {
        guard version == seen, !Task.isCancelled else { return }
        nextWaiter += 1
        let waiter = nextWaiter
        let timer = Task {
            do { try await time.sleep(limit) } catch { return }
            wake(waiter)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waiters[waiter] = continuation }
            }
        } onCancel: {
            Task { await wake(waiter) }
        }
        timer.cancel()
    }

    private func wake(_ waiter: Int) { waiters.removeValue(forKey: waiter)?.resume() }

    private func changed() {
        version += 1
        for waiter in Array(waiters.keys) { wake(waiter) }
    }

    // MARK: Following one collection

    private func run(_ collection: Collection) async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let list = try await client.list(collection.kind, namespace: collection.namespace)
                replace(collection, with: list.items)
                try await watch(collection, from: list.resourceVersion) { failures = 0 }
            } catch is CancellationError {
                return
            } catch let error as APIError where error.isExpired {
                continue
            } catch {
                // What was last seen stays; the wait reports it with the next look.
                failures += 1
            }
            do {
                try await time.sleep(failures >= 3 ? poll : poll / 10)
            } catch { return }
        }
    }

    /// Watches until the watch breaks; a watch that the server ends in good order goes on from where it was.
    private func watch(_ collection: Collection, from start: String, onEvent: () -> Void) async throws {
        var position = start
        while !Task.isCancelled {
            let began = time.monotonic()
            var events = 0
            for try await event in client.watch(collection.kind, namespace: collection.namespace, from: position) {
                events += 1
                onEvent()
                if let next = apply(event, to: collection) { position = next }
            }
            // A server that ends watches at once would be asked in a busy loop.
            if events == 0, time.monotonic() - began < .seconds(1) { try await time.sleep(poll) }
        }
    }

    private func replace(_ collection: Collection, with items: [KubernetesObject]) {
        objects[collection] = Dictionary(items.map { ($0.key, $0) }) { $1 }
        synced.insert(collection)
        changed()
    }

    private func apply(_ event: WatchEvent, to collection: Collection) -> String? {
        switch event {
        case .added(let object), .modified(let object):
            objects[collection, default: [:]][object.key] = object
            changed()
            return object.resourceVersion
        case .deleted(let object):
            objects[collection]?[object.key] = nil
            changed()
            return object.resourceVersion
        case .bookmark(let resourceVersion): return resourceVersion
        }
    }
}
