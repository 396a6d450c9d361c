// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The few bytes of an OpenAPI version 2 document, in protobuf, that satisfy every kubectl.
///
/// An empty document tells that no type is described, so that validation is left to the server. For `--dry-run=server`
/// old releases look for a `dryRun` parameter of the PATCH operation of each kind: that is all that is described.
enum OpenAPIDocument {
    static func bytes(for resources: [APIResource]) -> [UInt8] {
        var document: [UInt8] = field(1, "2.0")
        document += field(2, field(1, "Kubernetes") + field(2, "unversioned"))
        var paths: [UInt8] = []
        for resource in resources where resource.verbs.contains("patch") {
            let item = field(8, operation(resource))
            let scope = resource.isNamespaced ? "/namespaces/{namespace}/" : "/"
            let base = resource.path.dropLast(resource.plural.utf8.count + 1)
            paths += field(2, field(1, "\(base)\(scope)\(resource.plural)/{name}") + field(2, item))
        }
        return document + field(8, paths)
    }

    /// Operation: a query parameter `dryRun`, and the vendor extension that names the kind.
    private static func operation(_ resource: APIResource) -> [UInt8] {
        let query = field(2, "query") + field(4, "dryRun") + field(6, "string")
        // A parameter that is no body parameter but one of the query.
        let parameter = field(1, field(2, field(3, query)))
        let kind = "group: \"\(resource.group)\"\nkind: \(resource.kind)\nversion: \(resource.version)\n"
        let named = field(1, "x-kubernetes-group-version-kind") + field(2, field(2, kind))
        return field(8, parameter) + field(13, named)
    }

    /// A field of texts, bytes or a message.
    private static func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [number << 3 | 2]
        var length = bytes.count
        while length > 127 {
            result.append(UInt8(length & 127) | 128)
            length >>= 7
        }
        result.append(UInt8(length))
        return result + bytes
    }
}
