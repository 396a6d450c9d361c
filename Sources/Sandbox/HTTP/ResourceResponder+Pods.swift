// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

extension ResourceResponder {
    /// Deletes a pod unless a disruption budget forbids it.
    func evict() throws -> HTTPResponse {
        let form = try request.form()
        let eviction = try request.document()
        let pod = try api.get(request.target)
        let options = try DeleteOptions(eviction["deleteOptions"] ?? [:])
        for budget in api.store.list(.podDisruptionBudgets, namespace: request.namespace).objects
        where Self.covers(Fields(budget.value), Fields(pod.value)) {
            guard budget.value[path: "status", "disruptionsAllowed"]?.int ?? 0 <= 0 else { continue }
            throw StatusError(
                code: 429, reason: "TooManyRequests",
                message: "Cannot evict pod as it would violate the pod's disruption budget.",
                details: StatusError.Details(
                    causes: [
                        StatusError.Cause(
                            reason: "DisruptionBudget",
                            message: "The disruption budget \(budget.key.name) needs "
                                + "\(budget.value[path: "status", "desiredHealthy"]?.int ?? 0) healthy pods and has "
                                + "\(budget.value[path: "status", "currentHealthy"]?.int ?? 0) currently")
                    ]))
        }
        var target = request.target
        target.subresource = ""
        _ = try api.delete(target, options: options)
        return .document(
            ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success"],
            form: form == .yaml ? .yaml : .json, status: 201)
    }

    /// Whether a disruption budget is about a pod; one without a selector is about none.
    private static func covers(_ budget: Fields, _ pod: Fields) -> Bool {
        budget.spec.selector.exists && LabelSelector(budget.spec.selector).matches(pod.metadata.labels)
    }

    /// The log of one of the pod's containers, as text; on and on when it is followed.
    func log() async throws -> HTTPResponse {
        let options = try PodLogOptions { request.query[$0] }
        let log = try await router.logs().open(
            namespace: request.namespace, name: request.target.name, options)
        guard options.follow else {
            var bytes: [UInt8] = []
            for await chunk in log { bytes += chunk }
            return HTTPResponse(status: 200, headers: ["Content-Type": "text/plain"], body: .bytes(bytes))
        }
        return HTTPResponse(
            status: 200, headers: ["Content-Type": "text/plain"],
            body: .stream { writer in
                for await chunk in log { writer.write(chunk) }
            })
    }
}
