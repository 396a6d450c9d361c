// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// `PartialObjectMetadata`: objects without anything but their metadata.
enum PartialMetadata {
    static func object(_ object: Value, version: String) -> Value {
        [
            "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(version)"),
            "metadata": object["metadata"] ?? [:],
        ]
    }

    static func list(_ objects: [Value], metadata: Value, version: String) -> Value {
        [
            "kind": "PartialObjectMetadataList", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata,
            "items": .array(objects.map { object($0, version: version) }),
        ]
    }
}
