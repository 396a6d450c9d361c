// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

extension APIError: CustomStringConvertible {
    /// The failure in one sentence: `cannot apply Deployment/mysql in namespace fl: <the server's words>`.
    public var description: String {
        let words = message.isEmpty ? "the server answered \(code) \(reason.rawValue)" : message
        return "cannot \(request): \(words)"
    }

    /// The failure with its causes and what to do next.
    public var diagnostic: Diagnostic {
        let notes = causes.compactMap { cause -> Diagnostic.Note? in
            // The message of an `Invalid` already lists every cause.
            guard !cause.message.isEmpty, !message.contains(cause.message) || isFieldConflict else { return nil }
            return Diagnostic.Note(cause.field.isEmpty ? cause.message : "\(cause.field): \(cause.message)")
        }
        return Diagnostic(description, hint: hint, notes: notes)
    }

    /// What to do next, where that is known.
    public var hint: String? {
        if isNamespaceTerminating {
            return "the namespace is being deleted: wait until it is gone, then try again"
        }
        if isMissingNamespace {
            return "create it with: kubectl create namespace \(request.namespace ?? status.details.name)"
        }
        if isFieldConflict {
            return "another field manager owns these fields; change them there, or let it give them up"
        }
        if isUnknownFieldFailure { return "the manifest has a field that this server does not know" }
        if isUnreadableValue { return "a value in the manifest is not what its field takes" }
        if isMissingAPI { return "the server does not serve this API: kubectl api-resources lists what it does serve" }
        if message.contains("HTTP request to an HTTPS server") {
            return "the server speaks TLS: its URL in the kubeconfig has to begin with https://"
        }
        switch reason {
        case .unauthorized:
            return "the server does not accept the credentials of this kubeconfig: log in again or renew them"
        case .forbidden where message.contains("exceeded quota"):
            return "raise the quota of the namespace or ask for less"
        case .forbidden where message.contains("cannot") && message.contains("resource"):
            return "ask an administrator for this permission: iflearnerctl rbac print lists what is needed"
        case .requestEntityTooLarge: return "the object is larger than the server takes"
        case .tooManyRequests, .serviceUnavailable, .timeout, .serverTimeout:
            return "the server is overloaded or restarting: try again in a moment"
        default: return nil
        }
    }
}
