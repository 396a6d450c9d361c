// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Diagnostics
import Values

/// Asks the aggregators of server jobs how far their trainings are, through the API server's service proxy.
public struct Aggregator: Sendable {
    /// The aggregator's path.
    public static let path = "/v1/status"

    private let client: ClusterClient
    private let timeout: Duration

    /// Asks with a client; requests go on its lane for status, so that they hold nothing up.
    public init(client: ClusterClient, timeout: Duration = .seconds(3)) {
        self.client = client.on(.status)
        self.timeout = timeout
    }

    /// How far the training of a job is.
    ///
    /// - Throws: `AggregatorStatusError` for an answer that makes no sense, and what `ClusterClient.document` throws.
    public func progress(of job: IflearnerJob) async throws -> TrainingProgress {
        let service = ServiceAddress(
            namespace: job.key.namespace, name: job.key.name, port: JobContract.http.service)
        let answer = try await client.document(at: Self.path, of: service, timeout: timeout)
        return TrainingProgress(try AggregatorStatus(answer), terms: TrainingTerms(of: job))
    }

    /// Why an aggregator could not be asked, in a few words.
    public static func reason(for failure: any ClusterFailure) -> String {
        switch failure {
        case let failure as ServiceProxyError: failure.summary
        case let failure as APIError where failure.reason == .forbidden:
            "the right to get services/proxy is missing"
        case let failure as APIError: "the API server refused: \(failure.message)"
        default: failure.diagnostic.message
        }
    }
}
