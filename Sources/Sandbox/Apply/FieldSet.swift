// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A set of paths inside an object: what a field manager owns.
///
/// A trie whose nodes are sorted, so that every operation on two sets is one merge pass over both.
public struct FieldSet: Sendable, Hashable {
    /// A step that the set knows something of.
    struct Node: Sendable, Hashable {
        let element: PathElement
        /// Whether the path up to here is in the set.
        var isMember: Bool
        /// The paths below.
        var children: FieldSet
    }

    /// The steps from here, sorted, none of them without a member.
    private(set) var nodes: [Node] = []

    /// Makes an empty set.
    public init() {}

    /// Makes a set of paths.
    public init(_ paths: some Sequence<[PathElement]>) {
        for path in paths { insert(path) }
    }

    private init(nodes: [Node]) { self.nodes = nodes }

    /// Whether there is no path in it.
    public var isEmpty: Bool { nodes.isEmpty }

    /// Whether the path is in the set; the empty path never is.
    public func contains(_ path: some Collection<PathElement>) -> Bool {
        guard let first = path.first, let node = node(first) else { return false }
        return path.count == 1 ? node.isMember : node.children.contains(path.dropFirst())
    }

    /// Whether this one step is in the set.
    func hasMember(_ element: PathElement) -> Bool { node(element)?.isMember ?? false }

    /// The paths that begin with a step, without it.
    func below(_ element: PathElement) -> FieldSet { node(element)?.children ?? FieldSet() }

    /// Adds a path; its parents are not added.
    public mutating func insert(_ path: some Collection<PathElement>) {
        guard let first = path.first else { return }
        let (position, isFound) = search(first)
        if !isFound { nodes.insert(Node(element: first, isMember: false, children: FieldSet()), at: position) }
        if path.count == 1 {
            nodes[position].isMember = true
        } else {
            nodes[position].children.insert(path.dropFirst())
        }
    }

    /// Adds what a walk below a step found.
    mutating func merge(_ element: PathElement, isMember: Bool, children: FieldSet) {
        guard isMember || !children.isEmpty else { return }
        let (position, isFound) = search(element)
        guard isFound else {
            nodes.insert(Node(element: element, isMember: isMember, children: children), at: position)
            return
        }
        nodes[position].isMember = nodes[position].isMember || isMember
        nodes[position].children = nodes[position].children.union(children)
    }

    /// The paths in either set.
    public func union(_ other: FieldSet) -> FieldSet {
        if isEmpty { return other }
        if other.isEmpty { return self }
        return combine(
            other, keepsLeft: true, keepsRight: true,
            both: { ($0.isMember || $1.isMember, $0.children.union($1.children)) })
    }

    /// The paths in both sets.
    public func intersection(_ other: FieldSet) -> FieldSet {
        combine(
            other, keepsLeft: false, keepsRight: false,
            both: { ($0.isMember && $1.isMember, $0.children.intersection($1.children)) })
    }

    /// The paths in this set that are not in the other; a path stays when only its parent or its child is in the other.
    public func subtracting(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return self }
        return combine(
            other, keepsLeft: true, keepsRight: false,
            both: { ($0.isMember && !$1.isMember, $0.children.subtracting($1.children)) })
    }

    /// The paths in this set that neither are in the other nor lie below a path in it.
    public func subtractingRecursively(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return self }
        return combine(
            other, keepsLeft: true, keepsRight: false,
            both: {
                $1.isMember ? (false, FieldSet()) : ($0.isMember, $0.children.subtractingRecursively($1.children))
            })
    }

    /// The set with every known field of a struct added that leads to a path in it.
    ///
    /// Sets name a struct's field only when it is a leaf; pruning needs the ones on the way too. Keys of maps are not added.
    func withNamedFields(_ schema: TypeSchema?) -> FieldSet {
        FieldSet(
            nodes: nodes.map { node in
                var node = node
                switch (node.element, schema?.shape) {
                case (.field(let name), .object(let object)):
                    if object.fields[name] != nil { node.isMember = true }
                    node.children = node.children.withNamedFields(object.type(of: name))
                case (.key, .list(let list)): node.children = node.children.withNamedFields(list.element)
                default: node.children = node.children.withNamedFields(nil)
                }
                return node
            })
    }

    /// Every path: at each level the ones that end there come before the ones that go deeper.
    public var paths: [[PathElement]] {
        var paths: [[PathElement]] = []
        collect(into: &paths, prefix: [])
        return paths
    }

    private func collect(into paths: inout [[PathElement]], prefix: [PathElement]) {
        for node in nodes where node.isMember { paths.append(prefix + [node.element]) }
        for node in nodes { node.children.collect(into: &paths, prefix: prefix + [node.element]) }
    }

    private func node(_ element: PathElement) -> Node? {
        let (position, isFound) = search(element)
        return isFound ? nodes[position] : nil
    }

    private func search(_ element: PathElement) -> (position: Int, isFound: Bool) {
        // Walks add steps in order almost always.
        if let last = nodes.last, PathElement.compare(last.element, element) < 0 { return (nodes.count, false) }
        var low = 0
        var high = nodes.count
        while low < high {
            let middle = (low + high) / 2
            let order = PathElement.compare(nodes[middle].element, element)
            if order == 0 { return (middle, true) }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return (low, false)
    }

    private func combine(
        _ other: FieldSet, keepsLeft: Bool, keepsRight: Bool, both: (Node, Node) -> (isMember: Bool, children: FieldSet)
    ) -> FieldSet {
        var result: [Node] = []
        var left = 0
        var right = 0
        while left < nodes.count, right < other.nodes.count {
            let order = PathElement.compare(nodes[left].element, other.nodes[right].element)
            if order < 0 {
                if keepsLeft { result.append(nodes[left]) }
                left += 1
            } else if order > 0 {
                if keepsRight { result.append(other.nodes[right]) }
                right += 1
            } else {
                let (isMember, children) = both(nodes[left], other.nodes[right])
                if isMember || !children.isEmpty {
                    result.append(Node(element: nodes[left].element, isMember: isMember, children: children))
                }
                left += 1
                right += 1
            }
        }
        if keepsLeft { result += nodes[left...] }
        if keepsRight { result += other.nodes[right...] }
        return FieldSet(nodes: result)
    }
}
