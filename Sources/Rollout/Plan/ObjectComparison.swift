// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

/// Tells whether an object has to be written, without asking the server.
enum ObjectComparison {
    /// Whether every leaf of the manifest is in the live object with the same value.
    ///
    /// Any doubt, such as another spelling of a quantity or a list with more elements, is a no.
    static func isCovered(_ manifest: KubernetesObject, by live: KubernetesObject) -> Bool {
        var manifest = manifest.value
        // Servers take `stringData` in and store `data`: compared there, it would always differ.
        if manifest["kind"]?.string == "Secret", manifest["stringData"] != nil { return false }
        manifest["apiVersion"] = nil
        return covers(live.value, manifest)
    }

    private static func covers(_ live: Value, _ rendered: Value) -> Bool {
        switch (live, rendered) {
        case (.mapping(let live), .mapping(let rendered)):
            return rendered.allSatisfy { key, value in
                guard let found = live[key] else { return isEmpty(value) }
                return covers(found, value)
            }
        case (.array(let live), .array(let rendered)):
            return live.count == rendered.count && zip(live, rendered).allSatisfy { covers($0, $1) }
        case (_, .null): return false
        default: return live == rendered
        }
    }

    /// Whether a rendered value states nothing: servers drop it.
    private static func isEmpty(_ value: Value) -> Bool {
        switch value {
        case .null: true
        case .mapping(let entries): entries.isEmpty
        case .array(let elements): elements.isEmpty
        default: false
        }
    }

    /// Whether two states of an object differ in nothing but the server's book-keeping.
    static func isSame(_ left: KubernetesObject, _ right: KubernetesObject) -> Bool {
        normalised(left) == normalised(right)
    }

    private static func normalised(_ object: KubernetesObject) -> Value {
        var value = object.value
        for field in ["managedFields", "resourceVersion", "generation", "creationTimestamp", "selfLink"] {
            value.set(nil, at: ["metadata", field])
        }
        value["status"] = nil
        return value
    }
}
