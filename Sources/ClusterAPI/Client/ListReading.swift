// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Values

/// Reads a collection in pages.
struct ListReading {
    /// How many objects are asked for at once where nobody says otherwise, as client-go does.
    static let pageSize = 500

    let client: ClusterClient
    let resource: APIResource
    let namespace: String?
    let selector: Selector
    var accept = "application/json"
    var pageSize = Self.pageSize

    /// A collection with what is kept of its objects.
    struct Kept<Element: Sendable>: Sendable {
        var items: [Element] = []
        var resourceVersion = ""
        var serverDate: Timestamp?
    }

    /// The whole collection.
    ///
    /// Of every object is kept what `transform` makes of it: only one page is in memory as the server sent it. A collection that changes so much that its pages expire is read once more in one piece, as client-go does.
    func all<Element: Sendable>(
        keeping transform: @Sendable (KubernetesObject) -> Element
    ) async throws -> Kept<Element> {
        do {
            return try await read(pageSize: pageSize, transform)
        } catch let error as APIError where error.isExpired {
            return try await read(pageSize: nil, transform)
        }
    }

    private func read<Element: Sendable>(
        pageSize: Int?, _ transform: @Sendable (KubernetesObject) -> Element
    ) async throws -> Kept<Element> {
        let description = RequestDescription(.list, resource.plural, namespace: namespace)
        var list = Kept<Element>()
        var seenTokens = Set<String>()
        var token: String?
        repeat {
            var query = selector.query
            if let pageSize { query.append(("limit", String(pageSize))) }
            if let token { query.append(("continue", token)) }
            let response = try await client.send(
                .get, resource.path(namespace: namespace), query: query, headers: ["Accept": accept],
                describedAs: description, safety: .read, kind: resource.kind.groupKind)
            let page = try ResponseReading.document(response, description)
            list.items += (page["items"]?.array ?? []).map { transform(typed($0)) }
            list.resourceVersion = page[path: "metadata", "resourceVersion"]?.string ?? list.resourceVersion
            list.serverDate = ResponseReading.date(response) ?? list.serverDate
            token = page[path: "metadata", "continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            if let token, !seenTokens.insert(token).inserted {
                throw TransportError(
                    .malformed, "the server gives the same page of the list again and again", request: description)
            }
        } while token != nil
        return list
    }

    /// The item with the type that servers leave out, and that metadata lists replace by their own.
    private func typed(_ item: Value) -> KubernetesObject {
        var entries: Mapping = ["apiVersion": .string(resource.kind.apiVersion), "kind": .string(resource.kind.kind)]
        for (key, value) in item.mapping ?? Mapping() where key != "apiVersion" && key != "kind" {
            entries[key] = value
        }
        return KubernetesObject(.mapping(entries))
    }
}
