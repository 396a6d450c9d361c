// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Records

/// The dependencies between components (S-1).
struct ComponentOrder: Sendable {
    private let dependencies: [String: Set<String>]
    private let names: [String]

    /// Reads `dependsOn`; components of the plan that are switched off are no dependencies.
    init(_ components: [(name: String, dependsOn: [String])]) {
        names = components.map(\.name)
        let known = Set(names)
        dependencies = Dictionary(components.map { ($0.name, Set($0.dependsOn).intersection(known)) }) { $0.union($1) }
    }

    /// The components that one waits for.
    func dependencies(of name: String) -> Set<String> { dependencies[name] ?? [] }

    /// The components that need one, directly or not, in plan order.
    func dependents(of name: String) -> [String] {
        var found: Set<String> = []
        var pending = [name]
        while let next = pending.popLast() {
            for other in names where dependencies(of: other).contains(next) && found.insert(other).inserted {
                pending.append(other)
            }
        }
        return names.filter { found.contains($0) && $0 != name }
    }

    /// The names of a cycle, the first one again at its end; nil when there is none.
    var cycle: [String]? {
        var finished: Set<String> = []
        func visit(_ name: String, _ path: [String]) -> [String]? {
            if finished.contains(name) { return nil }
            if let start = path.firstIndex(of: name) { return Array(path[start...]) + [name] }
            for next in dependencies(of: name).sorted() {
                if let cycle = visit(next, path + [name]) { return cycle }
            }
            finished.insert(name)
            return nil
        }
        for name in names {
            if let cycle = visit(name, []) { return cycle }
        }
        return nil
    }
}
