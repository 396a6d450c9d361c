// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    mutating func checkPodUpdate(_ object: Fields, old: Fields) {
        func reduced(_ spec: Fields) -> Value {
            var value = spec.value ?? [:]
            for list in ["containers", "initContainers"] {
                guard let containers = value[list]?.array else { continue }
                value[list] = .array(
                    containers.map { container in
                        var container = container
                        container["image"] = nil
                        return container
                    })
            }
            // Gates may go, which lets the node be chosen; the scheduler writes it.
            for field in [
                "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "schedulingGates", "nodeName",
            ] { value[field] = nil }
            return value
        }
        let oldTolerations = old.spec.tolerations.value?.array ?? []
        let newTolerations = object.spec.tolerations.value?.array ?? []
        let keepsTolerations = oldTolerations.allSatisfy { newTolerations.contains($0) }
        let keepsNode = old.spec.nodeName.text.isEmpty || old.spec.nodeName.text == object.spec.nodeName.text
        guard reduced(object.spec) != reduced(old.spec) || !keepsTolerations || !keepsNode else { return }
        let difference = SpecDifference.text(from: old.spec.value ?? [:], to: object.spec.value ?? [:])
        add(
            .forbidden(
                FieldPath("spec"),
                "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
                    + difference))
    }
}

/// The lines in which two versions of a spec differ, for the messages of immutable fields.
enum SpecDifference {
    static func text(from old: Value, to new: Value) -> String {
        var lines: [String] = []
        compare(old, new, "", &lines)
        return lines.joined(separator: "\n")
    }

    private static func compare(_ old: Value?, _ new: Value?, _ path: String, _ lines: inout [String]) {
        if old == new { return }
        if case .mapping(let left)? = old, case .mapping(let right)? = new {
            let keys = left.keys + right.keys.filter { !left.contains($0) }
            for key in keys.sorted() { compare(left[key], right[key], path.isEmpty ? key : "\(path).\(key)", &lines) }
            return
        }
        if let old { lines.append("- \(path): \(old.jsonString())") }
        if let new { lines.append("+ \(path): \(new.jsonString())") }
    }
}
