// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer

/// What somebody wants to do, in the words of authorization.
struct AccessAttributes: Sendable {
    var verb: String
    var group = ""
    var resource = ""
    var subresource = ""
    /// The name of the object; empty where the request is about many or a new one.
    var name = ""
    /// Empty for all namespaces and for what belongs to the whole cluster.
    var namespace = ""
    /// The path of a request that is about no resource.
    var path: String?

    /// The resource as rules name it: `pods`, `pods/log`.
    var combined: String { subresource.isEmpty ? resource : "\(resource)/\(subresource)" }

    /// Something outside of the resources.
    init(verb: String, path: String) {
        self.verb = verb
        self.path = path
    }

    init(
        verb: String, group: String, resource: String, subresource: String = "", name: String = "",
        namespace: String = ""
    ) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
        self.name = name
        self.namespace = namespace
    }

    /// What a request wants.
    init(_ request: HTTPRequest, _ path: APIPath, _ segments: [String]) {
        if case .resource(let group, _, let path) = path {
            self.init(request, group: group, path: path)
        } else {
            self.init(verb: request.method.lowercased(), path: "/" + segments.joined(separator: "/"))
        }
    }

    /// What a request on a resource wants, whether there is such a resource or not.
    ///
    /// A list or a watch of the one object of a name, by a field selector, counts as one of that name.
    init(_ request: HTTPRequest, group: String, path: APIPath.ResourcePath) {
        let query = request.query
        let isCollection = path.name == nil
        let verb =
            switch request.method {
            case "GET", "HEAD":
                isCollection ? ["1", "true"].contains(query["watch"] ?? "") ? "watch" : "list" : "get"
            case "POST": "create"
            case "PUT": "update"
            case "PATCH": "patch"
            case "DELETE": isCollection ? "deletecollection" : "delete"
            default: request.method.lowercased()
            }
        var name = path.name ?? ""
        if ["list", "watch"].contains(verb), let selector = query["fieldSelector"] {
            name = Self.name(in: selector) ?? ""
        }
        // A namespace is in itself.
        let namespace = path.namespace ?? (group.isEmpty && path.plural == "namespaces" ? path.name ?? "" : "")
        self.init(
            verb: verb, group: group, resource: path.plural, subresource: path.subresource, name: name,
            namespace: namespace)
    }

    private static func name(in selector: String) -> String? {
        for term in selector.split(separator: ",") {
            let sides = term.split(separator: "=", omittingEmptySubsequences: true)
            if sides.count == 2, sides[0] == "metadata.name" { return String(sides[1]) }
        }
        return nil
    }

    /// What a user is told who may not do it, in a real server's words.
    func refusal(for user: User, reason: String = "") -> StatusError {
        var text = "User \"\(user.name)\" cannot \(verb) "
        if let path {
            text += "path \"\(path)\""
        } else {
            let scope = namespace.isEmpty ? "at the cluster scope" : "in the namespace \"\(namespace)\""
            text += "resource \"\(combined)\" in API group \"\(group)\" \(scope)"
        }
        // As a real server does, for the sake of browsers.
        text = text.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
        return .forbidden(
            GroupResource(resource, group: group), name: name, reason.isEmpty ? text : "\(text): \(reason)")
    }
}
