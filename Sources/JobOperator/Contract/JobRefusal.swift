// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a job cannot be run: nothing is made for it, and its status says so.
public struct JobRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason for programs: `status.reason` and that of the condition Accepted.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// A field of `spec` is missing or is not what it must be.
        case invalidSpec = "InvalidSpec"
        /// The name cannot be that of a Service.
        case nameTooLong = "NameTooLong"
        /// The policy of the namespace does not allow an image.
        case imageNotAllowed = "ImageNotAllowed"
        /// The policy of the namespace does not allow a path of the host.
        case dataNotAllowed = "DataNotAllowed"
        /// The policy of the namespace does not let tasks read Secrets.
        case secretNotAllowed = "SecretNotAllowed"
        /// The policy of the namespace does not let tasks run as another account.
        case serviceAccountNotAllowed = "ServiceAccountNotAllowed"
        /// The policy of the namespace does not let a pod do what the task asks for.
        case podSecurityNotAllowed = "PodSecurityNotAllowed"

        /// Whether a policy refused: that verdict stands for this generation, however the policy changes.
        ///
        /// Who widens a policy does not mean the tasks that it refused a week ago.
        public var isPolicy: Bool { self != .invalidSpec && self != .nameTooLong }
    }

    /// The reason for programs.
    public var reason: Reason
    /// The reason for people: names the field and its value.
    public var message: String

    /// Makes a refusal.
    public init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// As in `InvalidSpec: spec.role is 'leader': it must be server or client`.
    public var description: String { "\(reason.rawValue): \(message)" }
}
