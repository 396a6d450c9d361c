// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Reads the logs of every container of the pods that a selector finds, as they are or as they go on.
public struct PodLogs: Sendable {
    let client: ClusterClient
    let namespace: String
    let selector: Selector
    let options: LogOptions

    /// Something about one container's log: it could not be read, or not to its end.
    public struct Trouble: Sendable {
        /// The pod.
        public var pod: String
        /// The container.
        public var container: String
        /// What is wrong: most often that the container has not started yet.
        public var failure: any ClusterFailure
    }

    /// Hands every line to a function.
    ///
    /// Without `follow`, the pods come one after the other, the oldest first, and that is all. With it, the logs go on
    /// side by side, pods that come later join in, and it ends only with its task; calls of the functions may then
    /// overlap. With `options.container`, the other containers are left out.
    public func read(
        _ take: @escaping @Sendable (LogLine) async throws -> Void,
        trouble: @escaping @Sendable (Trouble) async -> Void
    ) async throws {
        if options.follow {
            try await follow(take, trouble)
            return
        }
        let pods = try await client.list(.pod, namespace: namespace, selector: selector).items
        for pod in pods.sorted(by: { ($0.creationTimestamp ?? "", $0.name) < ($1.creationTimestamp ?? "", $1.name) }) {
            for container in PodContainer.all(of: pod) where wants(container) {
                try await read(container, options, take, trouble)
            }
        }
    }

    private func wants(_ container: PodContainer) -> Bool {
        options.container.map { $0 == container.name } ?? true
    }

    private func read(
        _ container: PodContainer, _ options: LogOptions, _ take: @Sendable (LogLine) async throws -> Void,
        _ trouble: @Sendable (Trouble) async -> Void
    ) async throws {
        var options = options
        options.container = container.name
        let key = ObjectKey(.pod, namespace: namespace, name: container.pod)
        do {
            for try await line in client.logs(of: key, options: options) { try await take(line) }
        } catch let failure as any ClusterFailure {
            await trouble(Trouble(pod: container.pod, container: container.name, failure: failure))
        }
    }

    private func follow(
        _ take: @escaping @Sendable (LogLine) async throws -> Void,
        _ trouble: @escaping @Sendable (Trouble) async -> Void
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            var followed = Set<PodContainer>()
            var isFirst = true
            for try await event in client.reflect(.pod, namespace: namespace, selector: selector) {
                let pods: [KubernetesObject]
                switch event {
                case .replaced(let objects, _): pods = objects
                case .changed(let pod): pods = [pod]
                case .deleted: continue
                case .trouble(let failure, _, _):
                    await trouble(Trouble(pod: "", container: "", failure: failure))
                    continue
                }
                for pod in pods {
                    for container in PodContainer.all(of: pod)
                    where wants(container) && container.hasStarted && followed.insert(container).inserted {
                        var options = options
                        // What starts later is read from its beginning.
                        if !isFirst { (options.tail, options.since) = (nil, nil) }
                        group.addTask { [options] in try await read(container, options, take, trouble) }
                    }
                }
                isFirst = false
            }
        }
    }
}

extension ClusterClient {
    /// The logs of the pods that a selector finds.
    public func podLogs(
        namespace: String, selector: Selector, options: LogOptions = LogOptions()
    ) -> PodLogs {
        PodLogs(client: self, namespace: namespace, selector: selector, options: options)
    }
}
