// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Synchronization
import Values

/// What the server made of what was applied, where that is something else.
///
/// A webhook that changes what is written, or a field that cannot be taken back, must not be written again and again.
final class ChildMemory: Sendable {
    private struct Key: Hashable {
        var job: JobKey
        var kind: ChildKind
    }

    private struct Write: Hashable {
        var wanted: String
        var result: Int
    }

    private let writes = Mutex<[Key: Write]>([:])

    /// Whether this is what came out when the same was applied before.
    func isResult(_ live: KubernetesObject, of wanted: DesiredChild, _ kind: ChildKind, _ job: JobKey) -> Bool {
        let write = Write(wanted: wanted.digest, result: Self.digest(live))
        return writes.withLock { $0[Key(job: job, kind: kind)] } == write
    }

    /// Remembers what came out.
    func note(_ result: KubernetesObject, of wanted: DesiredChild, _ kind: ChildKind, _ job: JobKey) {
        let write = Write(wanted: wanted.digest, result: Self.digest(result))
        writes.withLock { $0[Key(job: job, kind: kind)] = write }
    }

    /// Forgets a job.
    func forget(_ job: JobKey) {
        writes.withLock { writes in
            for kind in ChildKind.allCases { writes[Key(job: job, kind: kind)] = nil }
        }
    }

    private static func digest(_ object: KubernetesObject) -> Int {
        var value = object.value
        value["status"] = nil
        for key in ["managedFields", "resourceVersion", "generation"] { value.set(nil, at: ["metadata", key]) }
        return value.hashValue
    }
}
