// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Records
import Values

/// Reads the logs of a deployment's containers, of one component or of all, and of pods that come up meanwhile; or those
/// of one pod.
public struct ComponentLogs: Sendable {
    /// A container to read.
    public struct Container: Sendable, Hashable {
        /// Its pod.
        public var pod: ObjectKey
        /// The pod's uid: a pod of the same name that comes later is another one.
        public var podUID: String
        /// Its name.
        public var name: String
    }

    private let client: ClusterClient
    private let namespaces: [String]
    private let selector: Selector
    private let options: LogOptions
    /// Whether a followed log goes on with pods that come up after the first ones.
    private let joinsNewPods: Bool

    /// A reader of a component, or of all of them.
    public init(client: ClusterClient, state: DeploymentState, component: String?, options: LogOptions) {
        self.client = client
        self.options = options
        joinsNewPods = true
        let workloads: Set<String> = ["Deployment", "StatefulSet", "DaemonSet", "Job"]
        let found = state.inventory.filter { workloads.contains($0.key.kind.kind) }.compactMap(\.key.namespace)
        namespaces = Set(found).sorted()
        // The charts label every pod with the deployment and the component.
        var labels = ["app.kubernetes.io/instance": state.deployment, "app.kubernetes.io/part-of": "iflearner"]
        if let component { labels["app.kubernetes.io/component"] = component }
        selector = Selector(labels: labels)
    }

    /// A reader of one pod: followed, its logs end with its containers; it may not be there yet.
    public init(client: ClusterClient, pod: String, namespace: String, options: LogOptions) {
        self.client = client
        self.options = options
        joinsNewPods = false
        namespaces = [namespace]
        selector = Selector(fields: ["metadata.name": pod])
    }

    /// The containers that there are now.
    public func containers() async throws -> [Container] {
        var found: [Container] = []
        for namespace in namespaces {
            for pod in try await client.list(.pod, namespace: namespace, selector: selector).items {
                for container in pod["spec", "containers"]?.array ?? [] {
                    found.append(
                        Container(pod: pod.key, podUID: pod.uid ?? "", name: container["name"]?.string ?? ""))
                }
            }
        }
        return found
    }

    /// Reads the containers side by side, and with `follow` those that come up later, until all have ended.
    public func read(
        _ containers: [Container], interval: Duration, line: @Sendable @escaping (LogLine) -> Void,
        failed: @Sendable @escaping (Container, any Error) -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var known = Set(containers)
            for container in containers { group.addTask { await read(container, interval, line, failed) } }
            while options.follow, joinsNewPods || known.isEmpty {
                try await Task.sleep(for: interval)
                for container in try await self.containers() where known.insert(container).inserted {
                    group.addTask { await read(container, interval, line, failed) }
                }
            }
            try await group.waitForAll()
        }
    }

    private func read(
        _ container: Container, _ interval: Duration, _ line: @Sendable (LogLine) -> Void,
        _ failed: (Container, any Error) -> Void
    ) async {
        var options = options
        options.container = container.name
        do {
            while true {
                do {
                    for try await text in client.logs(of: container.pod, options: options) { line(text) }
                    return
                } catch let error as APIError where options.follow && error.reason == .badRequest {
                    // It has not started yet: another look later.
                    try await Task.sleep(for: interval)
                }
            }
        } catch is CancellationError {
            return
        } catch {
            failed(container, error)
        }
    }
}
