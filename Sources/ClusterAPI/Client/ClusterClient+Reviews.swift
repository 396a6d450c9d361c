// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// One permission to ask for.
public struct AccessQuestion: Sendable, Hashable {
    /// The verb, as in `create`.
    public var verb: String
    /// The resource's plural, as in `deployments`; `*` for any.
    public var resource: String
    /// The API group; empty for the core group.
    public var group: String
    /// The subresource; empty for the resource itself.
    public var subresource: String
    /// The namespace; nil for all of them, and for cluster-scoped resources.
    public var namespace: String?
    /// The name; empty for any.
    public var name: String

    /// Asks for a permission.
    public init(
        _ verb: String, _ resource: String, group: String = "", subresource: String = "", namespace: String? = nil,
        name: String = ""
    ) {
        self.verb = verb
        self.resource = resource
        self.group = group
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
    }
}

/// The answer about one permission.
public struct AccessAnswer: Sendable, Hashable {
    /// Whether it is given.
    public var isAllowed: Bool
    /// Why, in the server's words; often empty.
    public var reason: String
}

/// A rule of what the user may do in a namespace.
public struct AccessRule: Sendable, Hashable {
    /// The verbs; `*` for any.
    public var verbs: [String]
    /// The API groups; `*` for any.
    public var groups: [String]
    /// The resources, as in `deployments` and `deployments/scale`; `*` for any.
    public var resources: [String]
    /// The names; empty for any.
    public var names: [String]

    /// Whether the rule gives a permission.
    public func covers(_ question: AccessQuestion) -> Bool {
        let resource = question.subresource.isEmpty ? question.resource : "\(question.resource)/\(question.subresource)"
        let anyOfSubresource = "*/\(question.subresource)"
        return (verbs.contains("*") || verbs.contains(question.verb))
            && (groups.contains("*") || groups.contains(question.group))
            && (resources.contains("*") || resources.contains(resource)
                || (!question.subresource.isEmpty && resources.contains(anyOfSubresource)))
            && (names.isEmpty || names.contains(question.name))
    }
}

extension ClusterClient {
    /// Whether the user of the kubeconfig has a permission.
    public func selfSubjectAccessReview(_ question: AccessQuestion) async throws -> AccessAnswer {
        var attributes: Mapping = [
            "verb": .string(question.verb), "resource": .string(question.resource), "group": .string(question.group),
        ]
        if !question.subresource.isEmpty { attributes["subresource"] = .string(question.subresource) }
        if let namespace = question.namespace { attributes["namespace"] = .string(namespace) }
        if !question.name.isEmpty { attributes["name"] = .string(question.name) }
        let status = try await review("SelfSubjectAccessReview", ["resourceAttributes": .mapping(attributes)])
        return AccessAnswer(
            isAllowed: status["allowed"]?.bool == true && status["denied"]?.bool != true,
            reason: status["reason"]?.string ?? "")
    }

    /// What the user of the kubeconfig may do in a namespace, and whether the server says that the list is incomplete.
    public func selfSubjectRulesReview(namespace: String) async throws -> (rules: [AccessRule], isIncomplete: Bool) {
        let status = try await review("SelfSubjectRulesReview", ["namespace": .string(namespace)])
        let rules = (status["resourceRules"]?.array ?? []).map { rule in
            func texts(_ key: String) -> [String] { rule[key]?.array?.compactMap(\.string) ?? [] }
            return AccessRule(
                verbs: texts("verbs"), groups: texts("apiGroups"), resources: texts("resources"),
                names: texts("resourceNames"))
        }
        return (rules, status["incomplete"]?.bool ?? false)
    }

    private func review(_ kind: String, _ spec: Value) async throws -> Value {
        let type = GroupVersionKind(apiVersion: "authorization.k8s.io/v1", kind: kind)
        let description = RequestDescription(.query, "the permissions of this user")
        return try await withResource(for: type) { resource in
            // A review stores nothing: asking twice is the same as once.
            let response = try await send(
                .post, resource.path(namespace: nil),
                body: ["apiVersion": .string(type.apiVersion), "kind": .string(kind), "spec": spec],
                describedAs: description, safety: .read)
            return try ResponseReading.document(response, description)["status"] ?? .null
        }
    }
}
