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
            let groups = (spec["groups"]?.array ?? []).compactMap(\.string)
            review["status"] = access(
                of: router.authentication.user(named: spec["user"]?.string ?? "", groups: groups), spec)
        case "SelfSubjectRulesReview": review["status"] = rules(spec["namespace"]?.string ?? "")
        case "SelfSubjectReview": review["status"] = ["userInfo": request.user.info]
        case "TokenReview":
            let user = router.authentication.user(token: spec["token"]?.string ?? "")
            review["status"] =
                user.map { ["authenticated": true, "user": $0.info] }
                ?? ["authenticated": false, "error": "invalid bearer token"]
        default: throw StatusError.methodNotAllowed
        }
        return .document(review, form: form == .yaml ? .yaml : .json, status: 201)
    }

    private func access(of user: User, _ spec: Value) -> Value {
        let decision = router.authorizer.decide(user, Self.attributes(Fields(spec)))
        var status: Value = ["allowed": .bool(decision.isAllowed)]
        if !decision.reason.isEmpty { status["reason"] = .string(decision.reason) }
        return status
    }

    private static func attributes(_ spec: Fields) -> AccessAttributes {
        let resource = spec.resourceAttributes
        guard resource.exists else {
            return AccessAttributes(
                verb: spec.nonResourceAttributes.verb.text, path: spec.nonResourceAttributes.path.text)
        }
        return AccessAttributes(
            verb: resource.verb.text, group: resource.group.text, resource: resource.resource.text,
            subresource: resource.subresource.text, name: resource.name.text, namespace: resource.namespace.text)
    }

    private func rules(_ namespace: String) -> Value {
        let rules = router.authorizer.rules(of: request.user, namespace: namespace)
        return [
            "resourceRules": .array(rules.filter(\.paths.isEmpty).map(\.value)),
            "nonResourceRules": .array(rules.filter { !$0.paths.isEmpty }.map(\.value)), "incomplete": false,
        ]
    }
}
