// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// The API server could be asked, but what is behind a Service did not give the document.
///
/// What the API server itself refuses, such as a missing permission, stays an `APIError`.
public struct ServiceProxyError: ClusterFailure, Hashable {
    /// What went wrong, to branch on.
    public enum Kind: Sendable, Hashable {
        /// There is no such Service.
        case noService
        /// The Service has no such port.
        case noPort
        /// No pod behind the Service is ready.
        case noEndpoints
        /// The pod cannot be reached, or nobody listens in it.
        case refused
        /// The answer did not come in time.
        case timeout
        /// The answer is larger than its limit.
        case tooLarge
        /// The answer is not JSON.
        case notJSON
        /// The application itself answered with another status than 200.
        case answered(Int)
    }

    /// What went wrong.
    public var kind: Kind
    /// Who was asked.
    public var service: ServiceAddress
    /// More about it, in the words of who noticed; often empty.
    public var detail: String

    /// Makes an error.
    public init(_ kind: Kind, _ service: ServiceAddress, detail: String = "") {
        self.kind = kind
        self.service = service
        self.detail = detail
    }

    /// What happened in a few words, for a cell of a table.
    public var summary: String {
        switch kind {
        case .noService: "there is no Service"
        case .noPort: "the Service has no port \(service.port)"
        case .noEndpoints: "no pod behind the Service is ready"
        case .refused: "the pod does not answer on its port"
        case .timeout: "no answer in time"
        case .tooLarge: "the answer is too large"
        case .notJSON: "the answer is not JSON"
        case .answered(let status): "the answer was HTTP \(status)"
        }
    }

    /// What happened and what to look at.
    public var diagnostic: Diagnostic {
        let words = detail.isEmpty ? summary : "\(summary): \(detail)"
        return Diagnostic("cannot ask \(service): \(words)", hint: hint)
    }

    private var hint: String? {
        switch kind {
        case .noService, .noPort, .tooLarge, .notJSON, .answered: nil
        case .noEndpoints, .refused:
            "look at its pod: kubectl get pods -n \(service.namespace) -l app=\(service.name)"
        case .timeout: "the pod may be busy: try again in a moment"
        }
    }
}

extension ServiceProxyError: CustomStringConvertible {
    /// What happened.
    public var description: String { diagnostic.message }
}
