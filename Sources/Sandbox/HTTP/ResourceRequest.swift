// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

/// A request on objects, as far as it is understood before anything is done.
struct ResourceRequest: Sendable {
    let http: HTTPRequest
    let query: HTTPQuery
    let resource: APIResource
    let path: APIPath.ResourcePath
    let verb: Verb
    let user: User

    /// What is asked for, in the words of authorization.
    enum Verb: String, Sendable {
        case get, list, watch, create, update, patch, delete, deletecollection
    }

    init(_ http: HTTPRequest, resource: APIResource, path: APIPath.ResourcePath, user: User) throws {
        self.http = http
        self.resource = resource
        self.path = path
        self.user = user
        query = http.query
        let isWatch = ["1", "true"].contains(query["watch"] ?? "")
        let isCollection = path.name == nil
        switch http.method {
        case "GET", "HEAD": verb = isCollection ? (isWatch ? .watch : .list) : .get
        case "POST" where isCollection || !path.subresource.isEmpty: verb = .create
        case "PUT" where !isCollection: verb = .update
        case "PATCH" where !isCollection: verb = .patch
        case "DELETE": verb = isCollection ? .deletecollection : .delete
        default: throw StatusError.methodNotAllowed
        }
        guard path.subresource.isEmpty || resource.subresource(path.subresource) != nil else {
            throw StatusError.unknownPath
        }
        let verbs = resource.subresource(path.subresource)?.verbs ?? resource.verbs
        guard verbs.contains(verb.rawValue) || (verb == .create && path.subresource == "binding") else {
            throw StatusError.methodNotAllowed
        }
        // An object in a namespace has the namespace in its path; all namespaces can only be read.
        if resource.isNamespaced, path.namespace == nil {
            guard verb == .list || verb == .watch else {
                throw isCollection && verb == .create ? StatusError.methodNotAllowed : StatusError.unknownPath
            }
        }
        if !resource.isNamespaced, path.namespace != nil { throw StatusError.unknownPath }
    }

    var namespace: String { path.namespace ?? "" }

    /// The object the request is about.
    var target: ObjectTarget {
        ObjectTarget(
            resource: resource, namespace: namespace, name: path.name ?? "", subresource: path.subresource)
    }

    var accept: Accept { Accept(http.headers["Accept"]) }

    /// The form of the answer.
    func form() throws -> Accept.Form {
        guard let form = accept.form() else { throw Self.notAcceptable }
        return form
    }

    static let notAcceptable = StatusError(
        code: 406, reason: "NotAcceptable",
        message: "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, "
            + "application/vnd.kubernetes.protobuf, application/json;stream=watch, "
            + "application/vnd.kubernetes.protobuf;stream=watch",
        details: StatusError.Details())
}
