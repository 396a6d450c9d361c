// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

/// A control plane over a store in memory, with an API server to write through: what the tests of this folder talk to.
struct SimulatedCluster: Sendable {
    let store: ObjectStore
    let server: APIServer
    let runtime: ControllerRuntime
    let clock: ManualClock

    /// Runs a cluster for as long as the body does; time passes only when the body says so.
    static func run(
        _ configuration: ControlPlaneConfiguration = ControlPlaneConfiguration(), store: ObjectStore? = nil,
        _ body: @Sendable (SimulatedCluster) async throws -> Void
    ) async throws {
        let clock = ManualClock()
        let store = try store ?? ObjectStore(path: nil)
        let runtime = ControllerRuntime(store: store, pace: clock.pace, configuration: configuration)
        let cluster = SimulatedCluster(
            store: store, server: APIServer(store: store, minor: 36, now: clock.pace.wallTime), runtime: runtime,
            clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runtime.run() }
            await runtime.settle()
            let result = await Result { try await body(cluster) }
            runtime.stop()
            try await group.waitForAll()
            try result.get()
        }
    }

    // MARK: Writing

    /// Creates an object as a client does.
    @discardableResult
    func create(_ object: Value) throws -> Fields {
        let resource = try resource(of: object)
        let namespace = resource.isNamespaced ? object[path: "metadata", "namespace"]?.string ?? "default" : ""
        return Fields(
            try server.create(resource, namespace: namespace, body: object, options: WriteOptions(manager: "test"))
                .object)
    }

    /// Changes an object as a client does: read again and changed again while controllers come in between.
    func change(_ key: ObjectKey, subresource: String = "", _ change: (inout Value) -> Void) throws {
        let resource = try #require(server.registry.preferred(key.resource))
        let target = ObjectTarget(
            resource: resource, namespace: key.namespace, name: key.name, subresource: subresource)
        var tries = 0
        while true {
            var object = try server.get(target).value
            change(&object)
            tries += 1
            do {
                _ = try server.replace(target, body: object, options: WriteOptions(manager: "test"))
                return
            } catch let error as StatusError where error.reason == "Conflict" && tries < 20 {
                continue
            }
        }
    }

    /// Deletes an object as a client does.
    func delete(_ key: ObjectKey, _ propagation: DeleteOptions.Propagation? = .background, gracePeriod: Int? = nil)
        throws
    {
        let resource = try #require(server.registry.preferred(key.resource))
        var options = DeleteOptions()
        options.propagation = propagation
        options.gracePeriod = gracePeriod
        _ = try server.delete(
            ObjectTarget(resource: resource, namespace: key.namespace, name: key.name), options: options)
    }

    private func resource(of object: Value) throws -> APIResource {
        try #require(
            server.registry.resource(
                apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? ""))
    }

    // MARK: Time

    /// Lets a time pass, every alarm in its turn, and waits until nothing is left to do.
    func pass(_ duration: Duration) async {
        await settle()
        let end = clock.now + duration
        while let alarm = clock.nextAlarm, alarm <= end {
            clock.advance(to: alarm)
            await settle()
        }
        clock.advance(to: end)
        await settle()
    }

    /// Waits until everything that has happened is dealt with.
    func settle() async { await runtime.settle() }

    // MARK: Reading

    func object(_ resource: GroupResource, namespace: String = "default", _ name: String) -> Fields? {
        let isNamespaced = server.registry.preferred(resource)?.isNamespaced ?? true
        return store.get(ObjectKey(resource, namespace: isNamespaced ? namespace : "", name: name)).map {
            Fields($0.value)
        }
    }

    func objects(_ resource: GroupResource, namespace: String? = "default") -> [Fields] {
        store.list(resource, namespace: namespace).objects.map { Fields($0.value) }
    }

    /// The events of an object, as `reason: message`.
    func events(of object: Fields) -> [String] {
        store.list(.events).objects.map { Fields($0.value) }.filter {
            $0.involvedObject.uid.text == object.objectUID
        }.sorted { (Int($0.metadata.resourceVersion.text) ?? 0) < (Int($1.metadata.resourceVersion.text) ?? 0) }
            .map { "\($0.reason.text): \($0.message.text)" }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
