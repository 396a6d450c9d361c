// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    private static let standard: Set<String> = ["cpu", "memory", "ephemeral-storage"]

    /// Checks what a container asks for and what it may use.
    mutating func checkResources(_ resources: Fields, _ path: FieldPath) {
        let limits = resources.limits.entries
        let requests = resources.requests.entries
        for (name, value) in limits.sortedByKey { checkResource(name, value, path["limits"].key(name)) }
        for (name, value) in requests.sortedByKey {
            checkResource(name, value, path["requests"].key(name))
            guard let request = Quantity(value), let limit = limits[name].flatMap({ Quantity($0) }) else { continue }
            if request > limit {
                add(
                    .invalid(
                        path["requests"], .string(request.description),
                        "must be less than or equal to \(name) limit of \(limit)"))
            } else if request != limit, !Self.isOvercommittable(name) {
                add(
                    .invalid(
                        path["requests"], .string(request.description), "must be equal to \(name) limit of \(limit)"))
            }
        }
        for (name, _) in requests.sortedByKey
        where !Self.isOvercommittable(name) && limits[name] == nil && Self.isExtended(name) {
            add(.required(path["limits"], "Limit must be set for non overcommitable resources"))
        }
    }

    private static func isExtended(_ name: String) -> Bool {
        name.contains("/") && !name.split(separator: "/")[0].hasSuffix("kubernetes.io")
    }

    private static func isOvercommittable(_ name: String) -> Bool { !isExtended(name) && !name.hasPrefix("hugepages-") }

    private mutating func checkResource(_ name: String, _ value: Value, _ path: FieldPath) {
        let problems = NameRules.qualifiedName(name)
        check(problems, path, .string(name))
        if problems.isEmpty {
            if !name.contains("/"), !Self.standard.contains(name), !name.hasPrefix("hugepages-") {
                add(.invalid(path, .string(name), "must be a standard resource type or fully qualified"))
                add(.invalid(path, .string(name), "must be a standard resource for containers"))
            } else if name.hasPrefix("kubernetes.io/") {
                add(.invalid(path, .string(name), "must be a standard resource for containers"))
            }
        }
        checkQuantity(value, path)
        if Self.isExtended(name), let quantity = Quantity(value), !quantity.isWhole {
            add(.invalid(path, value, "must be an integer"))
        }
    }

    mutating func checkQuantity(_ value: Value, _ path: FieldPath) {
        guard let quantity = Quantity(value), quantity.isNegative else { return }
        add(.invalid(path, .string(quantity.description), "must be greater than or equal to 0"))
    }
}
