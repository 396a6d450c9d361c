// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Values

/// All objects of the cluster, in memory and, if wanted, in an SQLite file.
///
/// Every write gets the next revision of one counter that never goes back, not even over a restart. Writes say which
/// revision they were made from; the store never runs foreign code under its lock.
final class ObjectStore: Sendable {
    /// What to write.
    enum Write: Sendable {
        /// A new object; with a namespace that must be there and not be ending.
        case create(Value, inNamespace: String?)
        /// Another state of an object last seen at a revision.
        case replace(Value, seen: Int64)
        /// The end of an object last seen at a revision, in its last state.
        case remove(seen: Int64)
    }

    private struct Subscriber {
        /// Nil for all.
        let resources: Set<GroupResource>?
        let continuation: AsyncStream<StoreWatch.Element>.Continuation
    }

    private struct State {
        var database: Database?
        var isShutDown = false
        var revision: Int64 = 0
        var begin: Int64 = 0
        var objects: [GroupResource: [ObjectKey: StoredObject]] = [:]
        var sortedKeys: [GroupResource: [ObjectKey]] = [:]
        var histories: [GroupResource: EventHistory] = [:]
        var subscribers: [Int: Subscriber] = [:]
        var lastSubscriber = 0

        mutating func keys(of resource: GroupResource) -> [ObjectKey] {
            if let keys = sortedKeys[resource] { return keys }
            let keys = (objects[resource] ?? [:]).keys.sorted(by: ObjectKey.isOrdered)
            sortedKeys[resource] = keys
            return keys
        }

        mutating func apply(_ event: StoreEvent) {
            let key = event.object.key
            revision = event.object.revision
            objects[key.resource, default: [:]][key] = event.kind == .deleted ? nil : event.object
            if event.kind != .modified { sortedKeys[key.resource] = nil }
            histories[key.resource, default: EventHistory(begin: begin)].append(event)
            for subscriber in subscribers.values where subscriber.resources?.contains(key.resource) != false {
                subscriber.continuation.yield(.event(event))
            }
        }
    }

    private let state: Mutex<State>

    /// Opens a store in a file, or in memory alone when there is no path.
    init(path: String?) throws(StoreError) {
        var state = State()
        if let path {
            let database = try Database(path: path)
            let (objects, revision) = try database.load()
            for object in objects { state.objects[object.key.resource, default: [:]][object.key] = object }
            state.revision = revision
            // What happened before is not known any more: a watch from there must list again.
            state.begin = revision
            state.database = database
        }
        self.state = Mutex(state)
    }

    // MARK: Reading

    /// The revision of the last write.
    var revision: Int64 { state.withLock { $0.revision } }

    /// One object.
    func get(_ key: ObjectKey) -> StoredObject? { state.withLock { $0.objects[key.resource]?[key] } }

    /// All objects of a resource, or those of one namespace, by namespace and name; and the revision they are from.
    func list(_ resource: GroupResource, namespace: String? = nil) -> (objects: [StoredObject], revision: Int64) {
        state.withLock { state in
            let keys = state.keys(of: resource)
            let objects = state.objects[resource] ?? [:]
            let wanted = namespace.map { namespace in keys.filter { $0.namespace == namespace } } ?? keys
            return (wanted.compactMap { objects[$0] }, state.revision)
        }
    }

    /// The resources of which a namespace holds objects, and how many.
    func contents(ofNamespace namespace: String) -> [GroupResource: [StoredObject]] {
        state.withLock { state in
            var contents: [GroupResource: [StoredObject]] = [:]
            for (resource, objects) in state.objects {
                let inside = objects.values.filter { $0.key.namespace == namespace }
                if !inside.isEmpty { contents[resource] = inside.sorted { ObjectKey.isOrdered($0.key, $1.key) } }
            }
            return contents
        }
    }

    /// Every object there is, in no order.
    var everything: [StoredObject] { state.withLock { $0.objects.values.flatMap { Array($0.values) } } }

    // MARK: Writing

    /// Writes one object.
    ///
    /// Returns the written state; for a removal the last state, with the revision of the removal.
    @discardableResult
    func commit(_ write: Write, at key: ObjectKey) throws(StoreError) -> StoredObject {
        try state.withLock { state throws(StoreError) in
            guard !state.isShutDown else { throw .database("the server is stopping") }
            let current = state.objects[key.resource]?[key]
            let event: StoreEvent
            let next = state.revision + 1
            switch write {
            case .create(let value, let namespace):
                guard current == nil else { throw .exists }
                if let namespace {
                    let key = ObjectKey(.namespaces, name: namespace)
                    guard let namespace = state.objects[.namespaces]?[key],
                        namespace.value[path: "metadata", "deletionTimestamp"] == nil
                    else { throw .namespace }
                }
                event = StoreEvent(
                    kind: .added, object: StoredObject(key: key, revision: next, value: value), previous: nil)
            case .replace(let value, let seen):
                guard let current else { throw .missing }
                guard current.revision == seen else { throw .changed }
                event = StoreEvent(
                    kind: .modified, object: StoredObject(key: key, revision: next, value: value), previous: current)
            case .remove(let seen):
                guard let current else { throw .missing }
                guard current.revision == seen else { throw .changed }
                let last = StoredObject(key: key, revision: next, value: current.value)
                event = StoreEvent(kind: .deleted, object: last, previous: current)
            }
            try state.database?.write(event)
            state.apply(event)
            return event.object
        }
    }

    /// Removes everything; watches see it go.
    func clear() throws(StoreError) {
        try state.withLock { state throws(StoreError) in
            let all = state.objects.values.flatMap { $0.values }
            for object in all {
                let last = StoredObject(key: object.key, revision: state.revision + 1, value: object.value)
                let event = StoreEvent(kind: .deleted, object: last, previous: object)
                try state.database?.write(event)
                state.apply(event)
            }
        }
    }

    /// Everything there is, and the revision of the last write.
    func snapshot() -> (objects: [StoredObject], revision: Int64) {
        state.withLock { state in (state.objects.values.flatMap { Array($0.values) }, state.revision) }
    }

    /// Goes back to what was at a snapshot, its revision included, and ends all watches: the one way in which revisions go back.
    func restore(_ snapshot: (objects: [StoredObject], revision: Int64)) throws(StoreError) {
        try state.withLock { state throws(StoreError) in
            try state.database?.replace(with: snapshot.objects, revision: snapshot.revision)
            state.objects = [:]
            for object in snapshot.objects { state.objects[object.key.resource, default: [:]][object.key] = object }
            state.revision = snapshot.revision
            state.begin = snapshot.revision
            state.sortedKeys = [:]
            state.histories = [:]
        }
        close()
    }

    /// Forgets the history of changes, as a real server does after a while: older watches get `expired`.
    func forgetHistory() {
        state.withLock { state in
            for resource in state.histories.keys { state.histories[resource]?.forget(upTo: state.revision) }
            state.begin = state.revision
        }
    }

    // MARK: Watching

    /// The changes of some resources, or of all, after a revision; without one, first an `added` event for all that exists.
    func watch(_ resources: Set<GroupResource>?, after revision: Int64? = nil) throws(StoreError) -> StoreWatch {
        let (elements, continuation) = AsyncStream<StoreWatch.Element>.makeStream()
        let (id, begin, count) = try state.withLock { state throws(StoreError) in
            var count = 0
            if let revision {
                guard revision <= state.revision else {
                    throw .future(requested: revision, current: state.revision)
                }
                for resource in resources ?? Set(state.histories.keys) {
                    let history = state.histories[resource] ?? EventHistory(begin: state.begin)
                    for event in try history.events(after: revision) { continuation.yield(.event(event)) }
                }
            } else {
                for resource in (resources ?? Set(state.objects.keys)).sorted(by: { $0.description < $1.description }) {
                    for key in state.keys(of: resource) {
                        guard let object = state.objects[resource]?[key] else { continue }
                        continuation.yield(.event(StoreEvent(kind: .added, object: object, previous: nil)))
                        count += 1
                    }
                }
            }
            state.lastSubscriber += 1
            state.subscribers[state.lastSubscriber] = Subscriber(resources: resources, continuation: continuation)
            return (state.lastSubscriber, state.revision, count)
        }
        continuation.onTermination = { [weak self] _ in
            // Not here and now: a cancelled reader ends the stream while the runtime holds the lock of its task, which
            // `yield` needs while it holds ours.
            Task { self?.state.withLock { state in _ = state.subscribers.removeValue(forKey: id) } }
        }
        return StoreWatch(elements: elements, revision: begin, initialCount: count) { [weak self] in
            self?.state.withLock { state in _ = continuation.yield(.progress(state.revision)) }
        }
    }

    /// Ends all watches, takes no more writes and lets go of the file, so that another store can open it.
    func shutDown() {
        state.withLock { state in
            state.isShutDown = true
            state.database = nil
        }
        close()
    }

    /// Ends the watches of one resource alone, or all.
    func close(_ resource: GroupResource? = nil) {
        let ended = state.withLock { state in
            let ended = state.subscribers.filter {
                resource == nil || $0.value.resources.map { $0 == [resource] } == true
            }
            for id in ended.keys { state.subscribers[id] = nil }
            return ended.values
        }
        // Outside of the lock: finishing calls `onTermination`, which takes it.
        for subscriber in ended { subscriber.continuation.finish() }
    }
}
