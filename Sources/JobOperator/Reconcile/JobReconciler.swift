// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
import Values

/// The controller of IflearnerJobs: makes what they ask for, keeps it as it should be, and says in their status how they are.
///
/// It reads from the cache and writes through the client, and keeps nothing that a restart would lose. At rest a pass makes
/// no request.
public final class JobReconciler: Reconciling {
    /// What passes share.
    struct Context: Sendable {
        let client: ClusterClient
        let cache: JobCache
        let addresses: AddressBook
        let additions: StatusAdditions
        let events: EventRecorder
        let time: TimeSource
        let children = ChildMemory()
        let prerequisites: PrerequisiteLookup
        let status: StatusWriter
    }

    private let context: Context

    /// Makes a controller.
    ///
    /// - Parameters:
    ///   - client: Writes, and reads what the cache may not have yet. It may retry, but not for long: a pass that fails is
    ///     repeated.
    ///   - cache: What informers know.
    ///   - additions: What is known about trainings.
    ///   - events: Where users are told.
    ///   - addresses: The addresses that policies name; asked of the cluster and of the machine where there is none.
    ///   - time: The clocks.
    public init(
        client: ClusterClient, cache: JobCache,
        additions: StatusAdditions = StatusAdditions(), events: EventRecorder, addresses: AddressBook? = nil,
        time: TimeSource = .system
    ) {
        context = Context(
            client: client, cache: cache, addresses: addresses ?? AddressBook(client: client, time: time),
            additions: additions, events: events, time: time,
            prerequisites: PrerequisiteLookup(client: client, time: time), status: StatusWriter(client: client))
    }

    /// Makes one pass over a job.
    public func reconcile(_ key: JobKey) async throws -> ReconcileOutcome {
        guard let job = context.cache.job(key) else {
            context.children.forget(key)
            context.status.forget(key)
            return .settled
        }
        // What was made for the job goes with it, by its owner references (C10).
        guard !job.isBeingDeleted else {
            context.additions.set(nil, toJob: job.uid)
            return .settled
        }
        return try await JobPass(context: context, job: job).run()
    }
}
