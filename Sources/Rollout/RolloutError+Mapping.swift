// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Diagnostics
import Records

extension RolloutError {
    /// The error that stands for whatever a request or a record threw: its code, its sentence and what to do next.
    public init(_ error: any Error, component: String? = nil, object: String? = nil) {
        switch error {
        case let error as RolloutError: self = error
        case let error as RecordError:
            let code = if case .rival = error { ExitCode.locked } else { ExitCode.record }
            self.init(code, error.description, component: component, object: object, hint: error.hint)
        case is CancellationError:
            self.init(.interrupted, "stopped", component: component, object: object)
        case let error as any ClusterFailure:
            let diagnostic = error.diagnostic
            let notes = diagnostic.notes.map { "; " + $0.message }.joined()
            self.init(
                Self.code(of: error), diagnostic.message + notes, component: component, object: object,
                hint: diagnostic.hint)
        default:
            self.init(
                .internalError, "internal error: \(error)", component: component, object: object,
                hint: "this is a bug: please report it")
        }
    }

    private static func code(of error: any ClusterFailure) -> ExitCode {
        switch error {
        case let error as APIError:
            if Immutability(error) != nil { return .immutable }
            if error.isFieldConflict || error.isStaleObject { return .conflict }
            if error.reason == .unauthorized { return .unreachable }
            if error.isMissingAPI { return .preflight }
            if error.code == 429 || error.code >= 500, !error.isWebhookFailure, !error.isUnknownFieldFailure,
                !error.isUnreadableValue
            {
                return .unreachable
            }
            return .rejected
        case is DiscoveryError: return .preflight
        case is LeaseError: return .locked
        default: return .unreachable
        }
    }
}

extension RecordError {
    /// What to do about it.
    var hint: String? {
        switch self {
        case .unreadable(let key, _):
            "look at it with: kubectl get secret \(key.name) -n \(key.namespace ?? "") -o yaml"
        case .newerSchema, .tooLarge: nil
        case .notWritable(_, let refusal): refusal.diagnostic.hint
        case .rival: "another iflearnerctl works on the deployment: iflearnerctl job list"
        }
    }
}
