// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI

/// An entry of `status.conditions` that the controller writes; `StatusBuilder` adds when it last changed.
public struct JobCondition: Sendable, Hashable {
    /// What a condition is about.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Whether the job can be run at all.
        case accepted = "Accepted"
        /// Whether what the namespace asks for its jobs can be read; told only while it cannot.
        case policyReadable = "PolicyReadable"
        /// Whether the address that the pod's hosts file is to hold is known; told only while it is not.
        case addressKnown = "AddressKnown"
        /// Whether the pod was made.
        case podCreated = "PodCreated"
        /// Whether the Service is as it should be.
        case serviceReady = "ServiceReady"
        /// Whether the Ingress is as it should be; none for jobs that get no Ingress.
        case ingressReady = "IngressReady"
        /// Whether the certificates that others make are there.
        case certificatesPresent = "CertificatesPresent"
        /// Whether the pod was made from the template as it is now (D8).
        case templateApplied = "TemplateApplied"
        /// Whether the training has stopped to move, though its aggregator runs.
        case stalled = "Stalled"
        /// Whether every party has said that its training is over.
        case completed = "Completed"

        /// Whether a job of a role is in trouble while it is False, or it just tells how things are.
        ///
        /// Nobody has to reach a trainer, but for other trainers with SMPC (D16): an Ingress that it cannot have is told by the
        /// condition and an event, and is no reason for what the job does.
        func isTrouble(for role: JobRole?) -> Bool {
            switch self {
            case .accepted, .policyReadable, .addressKnown, .podCreated, .serviceReady, .certificatesPresent,
                .templateApplied:
                true
            case .ingressReady: role != .client
            case .stalled, .completed: false
            }
        }

        /// Whether it comes from looking at the training, by ``StatusAdditions``.
        public var isAboutTraining: Bool { self == .stalled || self == .completed }
    }

    /// What it is about.
    public var kind: Kind
    /// Whether it holds.
    public var status: Condition.Status
    /// One word for programs.
    public var reason: String
    /// One sentence for people; empty where the reason says it all.
    public var message: String

    /// Makes a condition.
    public init(_ kind: Kind, _ status: Condition.Status, _ reason: String, _ message: String) {
        self.kind = kind
        self.status = status
        self.reason = reason
        self.message = message
    }
}
