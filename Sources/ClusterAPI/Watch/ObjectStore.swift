// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The objects of a collection as a reflector's events leave them.
public struct ObjectStore: Sendable {
    private struct Key: Hashable {
        var namespace: String?
        var name: String
    }

    private var stored: [Key: KubernetesObject] = [:]
    /// Whether the collection was listed: until then, what is missing may be there.
    public private(set) var isComplete = false

    /// Makes a store that knows nothing.
    public init() {}

    /// The objects, in no order.
    public var objects: some Collection<KubernetesObject> { stored.values }

    /// The object of a name.
    public func object(namespace: String?, name: String) -> KubernetesObject? {
        stored[Key(namespace: namespace, name: name)]
    }

    /// Takes an event in; whether anything changed.
    @discardableResult
    public mutating func apply(_ event: ReflectorEvent<KubernetesObject>) -> Bool {
        switch event {
        case .replaced(let objects, _):
            let fresh = Dictionary(objects.map { (Self.key($0), $0) }) { _, last in last }
            defer {
                stored = fresh
                isComplete = true
            }
            return !isComplete || fresh != stored
        case .changed(let object):
            let old = stored.updateValue(object, forKey: Self.key(object))
            return old != object
        case .deleted(let object): return stored.removeValue(forKey: Self.key(object)) != nil
        case .trouble: return false
        }
    }

    private static func key(_ object: KubernetesObject) -> Key { Key(namespace: object.namespace, name: object.name) }
}
