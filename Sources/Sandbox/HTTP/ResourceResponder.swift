// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

/// Answers a request on objects.
struct ResourceResponder: Sendable {
    let router: Router
    let request: ResourceRequest

    var api: APIServer { router.api }

    func respond() async throws -> HTTPResponse {
        guard request.resource.isStored else { return try review() }
        switch (request.path.subresource, request.verb) {
        case ("", .get): return try get()
        case ("", .list): return try list()
        case ("", .watch): return try watch()
        case ("", .create): return try create()
        case ("", .delete): return try delete()
        case ("", .deletecollection): return try deleteCollection()
        case ("scale", .get): return try getScale()
        case ("log", .get): return try await log()
        case ("eviction", .create): return try evict()
        case ("token", .create): return try createToken()
        case ("proxy", _): return try await proxy()
        case ("exec", _), ("attach", _), ("portforward", _): throw notImplemented
        case (_, .get): return try get()
        case (_, .update): return try update()
        case (_, .patch): return try patch()
        default: throw StatusError.methodNotAllowed
        }
    }

    private var notImplemented: StatusError {
        StatusError(
            code: 501, reason: "NotImplemented",
            message: "the sandbox runs no containers: \(request.path.subresource) is not possible",
            details: StatusError.Details())
    }

    // MARK: Reading

    private func get() throws -> HTTPResponse {
        let form = try request.form()
        try checkRevision()
        let object = try api.get(request.target)
        // Most answers: what is stored, as it is.
        if form == .json, object.isServed(as: request.resource) { return .json(bytes: object.json) }
        return try document(object.view(as: request.resource), form: form)
    }

    private func checkRevision() throws {
        guard let text = request.query["resourceVersion"], !text.isEmpty, let revision = Int64(text) else { return }
        guard revision <= api.store.revision else {
            throw StatusError.futureRevision(revision, current: api.store.revision, retry: true)
        }
    }

    private func getScale() throws -> HTTPResponse {
        let object = try api.get(request.target)
        return .document(ScalePaths(request.resource).scale(of: object.value), form: try request.form())
    }

    // MARK: Writing

    private func writeOptions(_ kind: String, isApply: Bool = false) throws -> WriteOptions {
        var options = try request.writeOptions(kind: kind, isApply: isApply)
        // Old releases do not know the parameter, and tell nobody of unknown fields.
        if api.minor < 25 { options.fieldValidation = .ignore }
        options.checkCreation = { [router, request] in try router.checkCreation(request) }
        if let check = router.escalationCheck(request) {
            options.checkEscalation = { object, current in try check.check(object, replacing: current) }
        }
        return options
    }

    private func create() throws -> HTTPResponse {
        let form = try request.form()
        let options = try writeOptions("CreateOptions")
        let result = try api.create(
            request.resource, namespace: request.namespace, body: try request.jsonBody(), options: options)
        return try written(result, form: form)
    }

    private func update() throws -> HTTPResponse {
        let form = try request.form()
        let options = try writeOptions("UpdateOptions")
        let body = try request.jsonBody()
        if request.path.subresource == "scale" {
            let scale = try request.document()
            return try written(try api.updateScale(request.target, options: options) { _ in scale }, form: form)
        }
        return try written(try api.replace(request.target, body: body, options: options), form: form)
    }

    private func patch() throws -> HTTPResponse {
        let form = try request.form()
        let (kind, document) = try request.patchDocument()
        let options = try writeOptions("PatchOptions", isApply: kind == .apply)
        let result = try api.patch(request.target, kind: kind, document: document, options: options)
        return try written(result, form: form)
    }

    private func delete() throws -> HTTPResponse {
        let form = try request.form()
        let result = try api.delete(request.target, options: try request.deleteOptions())
        return try deleted(result, form: form)
    }

    /// What a deletion answers: the object while something holds it, else that it is gone.
    func deleted(_ result: WriteResult, form: Accept.Form) throws -> HTTPResponse {
        let resource = request.resource
        guard result.isRemoved, !Self.returnsDeleted.contains(resource.groupResource) else {
            return try document(result.object, form: form)
        }
        var details = StatusError.Details(name: request.target.name, group: resource.group, kind: resource.plural)
        details.uid = result.object[path: "metadata", "uid"]?.string
        var status: Value = ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success"]
        var told: Mapping = ["name": .string(request.target.name)]
        if !resource.group.isEmpty { told["group"] = .string(resource.group) }
        told["kind"] = .string(resource.plural)
        told["uid"] = details.uid.map { .string($0) }
        status["details"] = .mapping(told)
        return .document(status, form: form == .yaml ? .yaml : .json)
    }

    /// Kinds whose last state is the answer to their deletion.
    private static let returnsDeleted: Set<GroupResource> = [
        .pods, .services, .serviceAccounts, .persistentVolumes, .persistentVolumeClaims, GroupResource("podtemplates"),
        GroupResource("resourcequotas"),
    ]

    private func deleteCollection() throws -> HTTPResponse {
        let form = try request.form()
        let options = try request.deleteOptions()
        let query = try ObjectQuery(request.query, resource: request.resource, namespace: request.path.namespace)
        let (objects, revision) = api.store.list(request.resource.groupResource, namespace: request.path.namespace)
        var deleted: [Value] = []
        for object in objects where query.matches(object) {
            let target = ObjectTarget(
                resource: request.resource, namespace: object.key.namespace, name: object.key.name)
            do {
                deleted.append(try api.delete(target, options: options).object)
            } catch let error as StatusError where error.code == 404 { continue }
        }
        return .document(
            [
                "kind": .string(request.resource.listKind), "apiVersion": .string(request.resource.groupVersion),
                "metadata": ["resourceVersion": .string("\(revision)")], "items": .array(deleted),
            ], form: form == .yaml ? .yaml : .json)
    }

    private func written(_ result: WriteResult, form: Accept.Form) throws -> HTTPResponse {
        try document(result.object, form: form, status: result.isNew ? 201 : 200, warnings: result.warnings)
    }

    /// One object in the form that was asked for.
    func document(_ object: Value, form: Accept.Form, status: Int = 200, warnings: [String] = []) throws -> HTTPResponse
    {
        switch form {
        case .table(let version):
            let metadata: Value = ["resourceVersion": object[path: "metadata", "resourceVersion"] ?? ""]
            let table = tablePrinter.table(
                of: [object], listMetadata: metadata, now: api.now(), options: try tableOptions(version: version))
            return .json(table, status: status, warnings: warnings)
        case .metadata(let version):
            return .json(PartialMetadata.object(object, version: version), status: status, warnings: warnings)
        default: return .document(object, form: form, status: status, warnings: warnings)
        }
    }

    var tablePrinter: TablePrinter {
        if let definition = request.resource.definition {
            return TablePrinter(printerColumns: definition.version(request.resource.version)?.printerColumns ?? [])
        }
        return TablePrinter(group: request.resource.group, resource: request.resource.plural)
    }

    func tableOptions(version: String) throws -> TableOptions {
        var options = TableOptions()
        options.version = version
        switch request.query["includeObject"] {
        case nil, "", "Metadata"?: options.includeObject = .metadata
        case "None"?: options.includeObject = .none
        case "Object"?: options.includeObject = .object
        case let text?:
            throw StatusError.badRequest(
                "unable to convert to Table: unrecognized includeObject value: \(Value.string(text).jsonString())")
        }
        return options
    }
}
