// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Values

extension ClusterClient {
    /// Runs an operation on a resource, and once more with fresh discovery when the server says there is no such API.
    func withResource<Result>(
        for kind: GroupVersionKind, _ operation: (APIResource) async throws -> Result
    ) async throws -> Result {
        let resource = try await discovery.resource(for: kind)
        do {
            return try await operation(resource)
        } catch let error as APIError where error.isMissingAPI {
            discovery.invalidate()
            let served = try await discovery.served(kind)
            guard served.path(namespace: "n") != resource.path(namespace: "n") else { throw error }
            return try await operation(served)
        }
    }

    /// Sends one request about an object or a collection and gives the answer.
    func send(
        _ method: HTTPRequest.Method, _ path: String, query: [(String, String)] = [],
        headers: HTTPFields = HTTPFields(),
        body: Value? = nil, describedAs description: RequestDescription, safety: RequestSafety,
        kind: GroupKind? = nil
    ) async throws -> HTTPResponse {
        var headers = headers
        if headers["Accept"] == nil { headers["Accept"] = "application/json" }
        if body != nil, headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
        let policy = pipeline.policy
        let request = HTTPRequest(
            method, Self.target(path, query), headers: headers, body: body?.json(),
            timeout: limits?.exchange ?? (method == .get ? policy.readTimeout : policy.writeTimeout), lane: lane)
        return try await pipeline.send(
            Exchange(
                request: request, description: description, safety: safety, onRetry: onRetry,
                beforeTry: safety == .read ? nil : beforeWrite,
                expectsNewAPI: kind.map(discovery.wasJustWritten) ?? false, budget: limits?.tries))
    }

    static func target(_ path: String, _ query: [(String, String)]) -> String {
        guard !query.isEmpty else { return path }
        let encoded = query.map { "\(PercentEncoding.query($0))=\(PercentEncoding.query($1))" }
        return path + "?" + encoded.joined(separator: "&")
    }
}
