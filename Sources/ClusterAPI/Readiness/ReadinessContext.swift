// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// What readiness is judged by, besides the object: the objects around it and the user's wishes.
public struct ReadinessContext: Sendable {
    /// The present objects of the kinds that are watched.
    public var objects: ObjectSnapshot
    /// The server's clock.
    public var now: Timestamp
    /// What the answer to our last write said; an older state of the object is not judged.
    public var written: KubernetesObject?
    /// What a missing address of a load balancer or an ingress means.
    public var address = AddressPolicy.warn
    /// What an IflearnerJob is waited for.
    public var iflearnerJob = IflearnerJobGoal.running

    /// What a missing external address means.
    public enum AddressPolicy: String, Sendable {
        /// Not ready without one.
        case require
        /// Ready with a warning.
        case warn
        /// Ready.
        case ignore
    }

    /// What an IflearnerJob is waited for.
    public enum IflearnerJobGoal: String, Sendable {
        /// Its pod runs and can be reached.
        case running
        /// It has succeeded.
        case completed
    }

    /// Makes a context.
    public init(objects: ObjectSnapshot, now: Timestamp, written: KubernetesObject? = nil) {
        self.objects = objects
        self.now = now
        self.written = written
    }
}
