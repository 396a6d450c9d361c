// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import Values

/// What looking at trainings has found out about jobs, to be told in their status.
///
/// It is kept by uid and merged by the next pass over the job: whoever sets it has the job reconciled. What a status says
/// already stays until something else is set, also over a restart.
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
}
