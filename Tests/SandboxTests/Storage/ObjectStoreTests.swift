// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

struct ObjectStoreTests {
    static func key(_ name: String, namespace: String = "") -> ObjectKey {
        ObjectKey(.configMaps, namespace: namespace, name: name)
    }

    static func object(_ name: String, _ data: String = "") -> Value {
        ["kind": "ConfigMap", "apiVersion": "v1", "metadata": ["name": .string(name)], "data": .string(data)]
    }

    /// The elements of a watch up to where it has come.
    static func events(of watch: StoreWatch) async -> [String] {
        watch.requestProgress()
        var events: [String] = []
        for await element in watch.elements {
            guard case .event(let event) = element else { break }
            events.append("\(event.kind.rawValue) \(event.object.key.name) \(event.object.revision)")
        }
        return events
    }

    @Test func `every write gets the next revision`() throws {
        let store = try ObjectStore(path: nil)
        let first = try store.commit(.create(Self.object("a"), inNamespace: nil), at: Self.key("a"))
        #expect(first.revision == 1)
        #expect(first.value[path: "metadata", "resourceVersion"] == "1")
        let second = try store.commit(.replace(Self.object("a", "x"), seen: 1), at: Self.key("a"))
        #expect(second.revision == 2 && store.revision == 2)
        let last = try store.commit(.remove(seen: 2), at: Self.key("a"))
        #expect(last.revision == 3 && last.value["data"] == "x")
        #expect(store.get(Self.key("a")) == nil)
    }

    @Test func `a write from an old state is refused and changes nothing`() throws {
        let store = try ObjectStore(path: nil)
        try store.commit(.create(Self.object("a"), inNamespace: nil), at: Self.key("a"))
        try store.commit(.replace(Self.object("a", "x"), seen: 1), at: Self.key("a"))
        #expect(throws: StoreError.exists) {
            try store.commit(.create(Self.object("a"), inNamespace: nil), at: Self.key("a"))
        }
        #expect(throws: StoreError.changed) {
            try store.commit(.replace(Self.object("a", "y"), seen: 1), at: Self.key("a"))
        }
        #expect(throws: StoreError.changed) { try store.commit(.remove(seen: 1), at: Self.key("a")) }
        #expect(throws: StoreError.missing) { try store.commit(.remove(seen: 1), at: Self.key("b")) }
        #expect(throws: StoreError.namespace) {
            try store.commit(.create(Self.object("b"), inNamespace: "no"), at: Self.key("b", namespace: "no"))
        }
        #expect(store.revision == 2)
    }

    @Test func `a list is ordered by namespace and name`() throws {
        let store = try ObjectStore(path: nil)
        for (namespace, name) in [("b", "x"), ("a", "z"), ("a-b", "a"), ("a", "y")] {
            try store.commit(
                .create(Self.object(name), inNamespace: nil), at: Self.key(name, namespace: namespace))
        }
        let all = store.list(.configMaps).objects.map { "\($0.key.namespace)/\($0.key.name)" }
        #expect(all == ["a/y", "a/z", "a-b/a", "b/x"])
        #expect(store.list(.configMaps, namespace: "a").objects.map(\.key.name) == ["y", "z"])
        #expect(store.list(.secrets).objects.isEmpty)
    }

    @Test func `a watch continues from any revision it is given`() async throws {
        let store = try ObjectStore(path: nil)
        for name in ["a", "b", "c"] {
            try store.commit(.create(Self.object(name), inNamespace: nil), at: Self.key(name))
        }
        try store.commit(.remove(seen: 2), at: Self.key("b"))
        #expect(
            await Self.events(of: try store.watch([.configMaps], after: 1)) == [
                "ADDED b 2", "ADDED c 3", "DELETED b 4",
            ])
        #expect(await Self.events(of: try store.watch([.configMaps], after: 4)) == [])
        #expect(await Self.events(of: try store.watch([.configMaps])) == ["ADDED a 1", "ADDED c 3"])
        #expect(await Self.events(of: try store.watch([.secrets], after: 0)) == [])
        #expect(throws: StoreError.future(requested: 5, current: 4)) { try store.watch([.configMaps], after: 5) }
    }

    @Test func `history is kept for at least a thousand changes and then expires`() async throws {
        let store = try ObjectStore(path: nil)
        try store.commit(.create(Self.object("a"), inNamespace: nil), at: Self.key("a"))
        for revision in 1..<Int64(2 * EventHistory.capacity + 100) {
            try store.commit(.replace(Self.object("a", "\(revision)"), seen: revision), at: Self.key("a"))
        }
        #expect(await Self.events(of: try store.watch([.configMaps], after: store.revision - 1000)).count == 1000)
        #expect(throws: StoreError.self) { try store.watch([.configMaps], after: 1) }
        store.forgetHistory()
        #expect(throws: StoreError.expired(requested: store.revision - 1, oldest: store.revision)) {
            try store.watch([.configMaps], after: store.revision - 1)
        }
        #expect(await Self.events(of: try store.watch([.configMaps], after: store.revision)) == [])
    }

    @Test func `writers at the same time lose nothing`() async throws {
        let store = try ObjectStore(path: nil)
        try store.commit(.create(Self.object("n", "0"), inNamespace: nil), at: Self.key("n"))
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    var done = 0
                    while done < 50 {
                        guard let current = store.get(Self.key("n")), let text = current.value["data"]?.string,
                            let number = Int(text)
                        else { return }
                        let next = Self.object("n", "\(number + 1)")
                        let written = try? store.commit(.replace(next, seen: current.revision), at: Self.key("n"))
                        if written != nil { done += 1 }
                    }
                }
            }
        }
        #expect(store.get(Self.key("n"))?.value["data"] == "400")
        #expect(store.revision == 401)
    }
}

struct VersionOrderTests {
    @Test func `versions are ordered as Kubernetes orders them`() {
        let sorted = ["v1", "foo10", "v11beta2", "v10", "v3beta1", "v12alpha1", "v2", "foo1", "v11alpha2"]
            .sorted(by: APIVersionOrder.isOrdered)
        #expect(sorted == ["v10", "v2", "v1", "v11beta2", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"])
    }
}
