// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import Values

/// What looking at trainings has found out about jobs, to be told in their status.
///
/// It is kept by uid until a pass over the job has told it: whoever sets it has the job reconciled. What a status says stays
/// until something else is set, also over a restart. It is told once: of two controllers that both know a training, none
/// puts its words over the other's again and again.
public final class StatusAdditions: Sendable {
    /// What is added to the status of a job.
    public struct Addition: Sendable, Hashable {
        /// `status.training`; nil leaves what is there.
        public var training: Value?
        /// The conditions Stalled and Completed; one that is not among them stays as it is.
        public var conditions: [JobCondition]

        /// Makes an addition.
        public init(training: Value? = nil, conditions: [JobCondition] = []) {
            self.training = training
            self.conditions = conditions
        }
    }

    private let additions = Mutex<[String: Addition]>([:])

    /// Makes a store without any.
    public init() {}

    /// What is to be said about the job of a uid.
    public func addition(toJob uid: String) -> Addition? { additions.withLock { $0[uid] } }

    /// Sets what is to be said about the job of a uid; nil forgets it.
    public func set(_ addition: Addition?, toJob uid: String) { additions.withLock { $0[uid] = addition } }

    /// Notes that the status of a job tells it, unless there is more to tell by now.
    func settle(_ addition: Addition, ofJob uid: String) {
        additions.withLock { if $0[uid] == addition { $0[uid] = nil } }
    }
}
