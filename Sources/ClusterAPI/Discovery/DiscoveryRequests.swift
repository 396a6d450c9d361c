// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Asks a server what it serves: in two requests where it can, else in one per group and version.
struct DiscoveryRequests {
    let pipeline: RequestPipeline

    func catalog() async throws -> APICatalog {
        async let core = document("/api", accept: APICatalog.aggregatedAccept)
        async let groups = document("/apis", accept: APICatalog.aggregatedAccept)
        var catalog = APICatalog()
        var legacy: [GroupVersion] = []
        for document in [try await core, try await groups] where !catalog.add(aggregated: document) {
            legacy += APICatalog.groupVersions(legacy: document)
        }
        try await addLegacy(legacy, to: &catalog)
        return catalog
    }

    /// Asks for each group and version; one that does not answer is remembered as broken and stops nothing.
    private func addLegacy(_ groupVersions: [GroupVersion], to catalog: inout APICatalog) async throws {
        let answers = try await withThrowingTaskGroup(of: (Int, Result<Value, APIError>).self) { group in
            for (position, groupVersion) in groupVersions.enumerated() {
                group.addTask {
                    let prefix = groupVersion.group.isEmpty ? "/api/" : "/apis/"
                    do {
                        let answer = try await document(
                            prefix + groupVersion.apiVersion, accept: "application/json", budget: .seconds(2))
                        return (position, .success(answer))
                    } catch let error as APIError where error.code != 401 {
                        return (position, .failure(error))
                    }
                }
            }
            var answers: [Int: Result<Value, APIError>] = [:]
            for try await (position, answer) in group { answers[position] = answer }
            return answers
        }
        for (position, groupVersion) in groupVersions.enumerated() {
            switch answers[position] {
            case .success(let document): catalog.add(groupVersion, legacy: document)
            case .failure(let error): catalog.broken[groupVersion] = error.message
            case nil: break
            }
        }
    }

    private func document(_ path: String, accept: String, budget: Duration? = nil) async throws -> Value {
        let description = RequestDescription(.query, "the list of APIs (\(path))")
        let exchange = Exchange(
            request: HTTPRequest(
                .get, path, headers: ["Accept": accept], timeout: pipeline.policy.readTimeout, lane: .status),
            description: description, safety: .read, budget: budget)
        return try ResponseReading.document(try await pipeline.send(exchange), description)
    }
}
