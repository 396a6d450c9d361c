// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import HTTPServer
import Values

extension ResourceResponder {
    func list() throws -> HTTPResponse {
        let form = try request.form()
        let resource = request.resource
        let query = try ObjectQuery(request.query, resource: resource, namespace: request.path.namespace)
        let page = try page(query)
        var metadata: Mapping = ["resourceVersion": .string("\(page.revision)")]
        metadata["continue"] = page.next.map { .string($0) }
        metadata["remainingItemCount"] = page.remaining.map { .int(Int64($0)) }
        switch form {
        case .table(let version):
            let table = tablePrinter.table(
                of: page.objects.map { $0.view(as: resource) }, listMetadata: .mapping(metadata), now: api.now(),
                options: try tableOptions(version: version))
            return .json(table)
        case .metadata(let version):
            let objects = page.objects.map { $0.view(as: resource) }
            return .json(PartialMetadata.list(objects, metadata: .mapping(metadata), version: version))
        case .yaml:
            return .document(
                [
                    "kind": .string(resource.listKind), "apiVersion": .string(resource.groupVersion),
                    "metadata": .mapping(metadata), "items": .array(page.objects.map { $0.view(as: resource) }),
                ], form: .yaml)
        case .json, .discovery:
            var text = Array(
                "{\"kind\":\"\(resource.listKind)\",\"apiVersion\":\"\(resource.groupVersion)\",\"metadata\":".utf8)
            text += Value.mapping(metadata).json()
            text += Array(",\"items\":[".utf8)
            for (index, object) in page.objects.enumerated() {
                if index > 0 { text.append(44) }
                text += object.listItem(of: resource)
            }
            text += Array("]}\n".utf8)
            return .json(bytes: text)
        }
    }

    private struct Page {
        var objects: [StoredObject]
        var revision: Int64
        var next: String?
        var remaining: Int?
    }

    private func page(_ query: ObjectQuery) throws -> Page {
        let parameters = request.query
        let limit = parameters["limit"].flatMap { Int($0) } ?? 0
        let resource = request.resource.groupResource
        var start: ContinueToken?
        let (all, revision): ([StoredObject], Int64)
        if let text = parameters["continue"], !text.isEmpty {
            let token = try ContinueToken(text)
            start = token
            guard let known = router.lists.objects(resource, namespace: query.namespace, revision: token.revision)
            else {
                throw StatusError(
                    code: 410, reason: "Expired",
                    message: "The provided continue parameter is too old to display a consistent list result. You can "
                        + "start a new list without the continue parameter.")
            }
            (all, revision) = (known, token.revision)
        } else {
            (all, revision) = api.store.list(resource, namespace: query.namespace)
            try checkRevision(against: revision)
        }
        var objects = query.isEmpty ? all : all.filter { query.matches($0) }
        if let start { objects = Array(objects.drop { !ObjectKey.isOrdered(start.last(resource), $0.key) }) }
        guard limit > 0, objects.count > limit else { return Page(objects: objects, revision: revision) }
        router.lists.keep(all, resource, namespace: query.namespace, revision: revision)
        let last = objects[limit - 1].key
        return Page(
            objects: Array(objects.prefix(limit)), revision: revision,
            next: ContinueToken(revision: revision, namespace: last.namespace, name: last.name).text,
            remaining: query.isEmpty ? objects.count - limit : nil)
    }

    private func checkRevision(against current: Int64) throws {
        let text = request.query["resourceVersion"] ?? ""
        let match = request.query["resourceVersionMatch"] ?? ""
        func invalid(_ field: String, _ detail: String) -> StatusError {
            .invalidOptions("ListOptions", .forbidden(FieldPath(field), detail))
        }
        if !match.isEmpty, text.isEmpty {
            throw invalid(
                "resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided")
        }
        guard match.isEmpty || ["Exact", "NotOlderThan"].contains(match) else {
            throw StatusError.invalidOptions(
                "ListOptions",
                .notSupported(
                    FieldPath("resourceVersionMatch"), .string(match), ["Exact", "NotOlderThan", ""]))
        }
        if match == "Exact", text == "0" {
            throw invalid(
                "resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")
        }
        guard !text.isEmpty else { return }
        guard let revision = Int64(text), revision >= 0 else {
            throw StatusError.badRequest(
                "resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax")
        }
        guard revision <= current else {
            throw StatusError.futureRevision(revision, current: current, retry: match != "Exact")
        }
        if match == "Exact", revision < current {
            throw StatusError(
                code: 410, reason: "Expired", message: "The resourceVersion for the provided list is too old.")
        }
    }
}

/// Where a paged list goes on, in the form a real server gives it.
struct ContinueToken {
    let revision: Int64
    let namespace: String
    let name: String

    init(revision: Int64, namespace: String, name: String) {
        self.revision = revision
        self.namespace = namespace
        self.name = name
    }

    init(_ text: String) throws {
        func invalid(_ reason: String) -> StatusError {
            .badRequest("invalid continue token: continue key is not valid: \(reason)")
        }
        let bytes: [UInt8]
        do { bytes = try Base64.decode(text) } catch { throw invalid("\(error)") }
        let value: Value
        do { value = try Value(json: bytes) } catch { throw invalid(GoJSON.message(error, in: bytes)) }
        guard value["v"]?.string == "meta.k8s.io/v1", let revision = value["rv"]?.int, revision > 0 else {
            throw invalid("incorrect encoded start resourceVersion (version meta.k8s.io/v1)")
        }
        guard let start = value["start"]?.string, start.hasSuffix("\u{0}") else { throw invalid("start key is empty") }
        let parts = start.dropLast().split(separator: "/", omittingEmptySubsequences: false)
        self.revision = revision
        namespace = parts.count > 1 ? String(parts[0]) : ""
        name = String(parts.last ?? "")
    }

    var text: String {
        let start = namespace.isEmpty ? name : "\(namespace)/\(name)"
        let value: Value = ["v": "meta.k8s.io/v1", "rv": .int(revision), "start": .string(start + "\u{0}")]
        return Base64.encodeURLSafe(value.json())
    }

    /// The last object that was told.
    func last(_ resource: GroupResource) -> ObjectKey { ObjectKey(resource, namespace: namespace, name: name) }
}
