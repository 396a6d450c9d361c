// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
import Values

/// Deletes a job, and waits until everything that was made for it is gone.
public struct JobRemoval: Sendable {
    private let client: ClusterClient
    private let time: TimeSource

    /// Makes removals with a client.
    public init(client: ClusterClient, time: TimeSource) {
        self.client = client
        self.time = time
    }

    /// Deletes a job, but no other one that has taken its name.
    ///
    /// `waits` lets the server delete what was made for it first, so that the job's end is the end of all of it; the name
    /// is taken until then, which flow would stumble over that deletes and makes a job in the same second.
    public func delete(_ job: IflearnerJob, waits: Bool) async throws {
        _ = try await client.delete(
            job.object.key, options: DeleteOptions(uid: job.uid, propagation: waits ? .foreground : .background))
    }

    /// Waits until a job and what was made for it are gone; what is left when the time is over, with who holds it.
    public func waitUntilGone(_ job: IflearnerJob, within limit: Duration, interval: Duration) async throws -> [String]
    {
        let deadline = time.monotonic() + limit
        while true {
            let left = try await remains(of: job)
            if left.isEmpty || time.monotonic() >= deadline { return left.map(Self.text) }
            try await time.sleep(min(interval, max(deadline - time.monotonic(), .milliseconds(1))))
        }
    }

    private func remains(of job: IflearnerJob) async throws -> [KubernetesObject] {
        var left: [KubernetesObject] = []
        if let found = try await client.find(job.object.key), found.uid == job.uid { left.append(found) }
        for kind in ChildKind.allCases {
            do {
                let type = try await kind.served(by: client)
                let key = ObjectKey(type, namespace: job.key.namespace, name: job.key.name)
                if let found = try await client.find(key), found.controller?.uid == job.uid { left.append(found) }
            } catch let error as APIError where error.reason == .forbidden {
                continue
            } catch is DiscoveryError {
                continue
            }
        }
        return left
    }

    private static func text(_ object: KubernetesObject) -> String {
        let finalizers = object.finalizers
        let holders = finalizers.isEmpty ? "" : " (finalizers: \(finalizers.joined(separator: ", ")))"
        return "\(object.key)\(holders)"
    }
}
