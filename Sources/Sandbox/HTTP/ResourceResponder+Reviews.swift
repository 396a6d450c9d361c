// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

// The kinds that are only asked: who am I, may I.
extension ResourceResponder {
    func review() throws -> HTTPResponse {
        let form = try request.form()
        var review = try ObjectRules(request.resource).decode(
            try request.jsonBody(), options: try request.writeOptions(kind: "CreateOptions")
        ).object
        review["kind"] = .string(request.resource.kind)
        review["apiVersion"] = .string(request.resource.groupVersion)
        let spec = review["spec"] ?? [:]
        switch request.resource.kind {
        case "SelfSubjectAccessReview": review["status"] = access(of: request.user, spec)
        case "SubjectAccessReview", "LocalSubjectAccessReview":
            let name = spec["user"]?.string ?? ""
            let user = router.authentication.users.first { $0.user.name == name }?.user
            review["status"] = user.map { access(of: $0, spec) } ?? ["allowed": false]
        case "SelfSubjectRulesReview": review["status"] = rules(spec["namespace"]?.string ?? "")
        case "SelfSubjectReview": review["status"] = ["userInfo": userInfo(request.user)]
        case "TokenReview":
            let user = router.authentication.user("Bearer \(spec["token"]?.string ?? "")")
            review["status"] =
                user.map { ["authenticated": true, "user": userInfo($0)] }
                ?? ["authenticated": false, "error": "invalid bearer token"]
        default: throw StatusError.methodNotAllowed
        }
        return .document(review, form: form == .yaml ? .yaml : .json, status: 201)
    }

    private func access(of user: User, _ spec: Value) -> Value {
        if let path = spec["nonResourceAttributes"] {
            return path["verb"]?.string == "get" || user.rules == nil ? ["allowed": true] : ["allowed": false]
        }
        let attributes = spec["resourceAttributes"] ?? [:]
        func text(_ key: String) -> String { attributes[key]?.string ?? "" }
        let part = text("subresource")
        let isAllowed = user.isAllowed(
            text("verb"), group: text("group"),
            resource: part.isEmpty ? text("resource") : "\(text("resource"))/\(part)",
            name: text("name"), namespace: text("namespace").isEmpty ? nil : text("namespace"))
        return isAllowed ? ["allowed": true, "reason": "allowed by the sandbox"] : ["allowed": false]
    }

    private func rules(_ namespace: String) -> Value {
        let everything = [AccessRule(verbs: ["*"], groups: ["*"], resources: ["*"])]
        let rules = (request.user.rules ?? everything).filter { $0.namespaces?.contains(namespace) ?? true }
        func texts(_ list: [String]) -> Value { .array(list.map { .string($0) }) }
        return [
            "resourceRules": .array(
                rules.map {
                    ["verbs": texts($0.verbs), "apiGroups": texts($0.groups), "resources": texts($0.resources)]
                }),
            "nonResourceRules": [["verbs": ["get"], "nonResourceURLs": ["*"]]], "incomplete": false,
        ]
    }

    private func userInfo(_ user: User) -> Value {
        ["username": .string(user.name), "groups": .array(user.groups.map { .string($0) })]
    }
}
