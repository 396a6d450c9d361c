// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI

/// What became of one object of a job in a pass; the others do not depend on it (D3, C14).
enum ChildOutcome: Sendable {
    /// What was done to an object that is there.
    enum Change: Sendable, Hashable {
        case none, created, updated
    }

    /// It is there and as it should be.
    case present(KubernetesObject, Change)
    /// It is not to be there, and is not.
    case unwanted
    /// Its name is taken by an object that is going.
    case waiting(String)
    /// Its name is taken by somebody else's object.
    case taken(String)
    /// Another Ingress has the host.
    case hostTaken(String)
    /// The server refused it, and would again.
    case refused(APIError)
    /// The server has no such API.
    case notServed(DiscoveryError)
    /// It did not work this time.
    case failed(any Error)
    /// The job or its namespace is going.
    case abandoned
}

extension ChildOutcome {
    /// What a failure means.
    init(_ error: any Error) {
        switch error {
        case let error as APIError where error.isNamespaceTerminating || error.isMissingNamespace: self = .abandoned
        case let error as APIError where error.isMissingAccount: self = .failed(error)
        case let error as APIError where error.isRefusal: self = .refused(error)
        case let error as DiscoveryError where error.brokenReason == nil: self = .notServed(error)
        default: self = .failed(error)
        }
    }
}

extension APIError {
    /// Whether the same request would be refused again, until somebody changes something: validation, admission, rights.
    var isRefusal: Bool {
        switch reason {
        case .invalid, .badRequest, .forbidden, .requestEntityTooLarge, .methodNotAllowed, .unsupportedMediaType:
            !isStaleObject
        default: isUnknownFieldFailure || isUnreadableValue
        }
    }

    /// Whether an apply was refused for its form: an unknown field, or an entry that stands twice in a keyed list.
    ///
    /// A creation takes both, as upstream made pods; what it does not take either, it refuses in plain words.
    var isAboutApplying: Bool {
        isUnknownFieldFailure || isUnreadableValue || message.contains("failed to create typed patch object")
    }
}
