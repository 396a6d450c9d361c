// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension APIServer {
    /// Creates an object.
    func create(_ resource: APIResource, namespace: String, body: Value, options: WriteOptions) throws -> WriteResult {
        try create(resource, namespace: namespace, body: body.json(), options: options)
    }

    /// Replaces an object, or a subresource of it.
    func replace(_ target: ObjectTarget, body: Value, options: WriteOptions) throws -> WriteResult {
        try replace(target, body: body.json(), options: options)
    }
}
