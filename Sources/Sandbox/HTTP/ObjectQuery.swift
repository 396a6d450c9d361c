// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

/// Which objects of a resource a list or a watch is of.
struct ObjectQuery: Sendable {
    let namespace: String?
    let labels: LabelQuery
    let fields: FieldQuery

    init(_ query: HTTPQuery, resource: APIResource, namespace: String?) throws {
        self.namespace = namespace
        labels = try LabelQuery(query["labelSelector"] ?? "")
        fields = try FieldQuery(query["fieldSelector"] ?? "", for: resource)
    }

    /// Whether all objects of the namespace pass.
    var isEmpty: Bool { labels.isEmpty && fields.isEmpty }

    func matches(_ object: StoredObject) -> Bool {
        (namespace == nil || object.key.namespace == namespace) && labels.matches(object.value)
            && fields.matches(object.value)
    }
}
