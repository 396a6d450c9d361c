// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension Value {
    private static let metadataOrder = [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers",
        "managedFields",
    ]

    /// An object with its fields in the order a real server writes them.
    var orderedObject: Value {
        guard let fields = mapping else { return self }
        let metadata = fields["metadata"]?.mapping ?? Mapping()
        var sorted = Mapping()
        for key in Self.metadataOrder { sorted[key] = metadata[key] }
        if sorted.count != metadata.count {
            for (key, value) in metadata where !sorted.contains(key) { sorted[key] = value }
        }
        var result = Mapping()
        result["kind"] = fields["kind"]
        result["apiVersion"] = fields["apiVersion"]
        result["metadata"] = .mapping(sorted)
        for (key, value) in fields where key != "status" && !result.contains(key) { result[key] = value }
        result["status"] = fields["status"]
        return .mapping(result)
    }
}
