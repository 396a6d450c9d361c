// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The objects that are known at one moment, found by identity, owner or what an event is about.
public struct ObjectSnapshot: Sendable {
    private var byKey: [Key: KubernetesObject] = [:]
    private var byOwner: [String: [KubernetesObject]] = [:]
    private var eventsByObject: [String: [KubernetesObject]] = [:]
    /// The kinds that were looked at: of others, nothing is known.
    public private(set) var knownKinds: Set<GroupKind>

    private struct Key: Hashable {
        var kind: GroupKind
        var namespace: String?
        var name: String
    }

    /// Makes a snapshot; `knownKinds` are those of which every object that exists is among `objects`.
    public init(_ objects: some Sequence<KubernetesObject> = [], knownKinds: Set<GroupKind> = []) {
        self.knownKinds = knownKinds
        for object in objects { add(object) }
    }

    private mutating func add(_ object: KubernetesObject) {
        if object.kind == "Event" {
            let about = object["involvedObject", "uid"]?.string ?? object["regarding", "uid"]?.string ?? ""
            eventsByObject[about, default: []].append(object)
            return
        }
        let kind = object.groupVersionKind.groupKind
        byKey[Key(kind: kind, namespace: object.namespace, name: object.name)] = object
        for owner in object.ownerReferences { byOwner[owner.uid, default: []].append(object) }
    }

    /// The object of a name; nil when it is not there or not known.
    public func object(_ kind: GroupVersionKind, namespace: String?, name: String) -> KubernetesObject? {
        byKey[Key(kind: kind.groupKind, namespace: namespace, name: name)]
    }

    /// The objects of a kind that an object owns, by name.
    public func children(of uid: String?, kind: GroupVersionKind) -> [KubernetesObject] {
        guard let uid else { return [] }
        return (byOwner[uid] ?? []).filter { $0.groupVersionKind.groupKind == kind.groupKind }.sorted {
            $0.name < $1.name
        }
    }

    /// The events about an object, the latest last.
    public func events(about object: KubernetesObject) -> [KubernetesObject] {
        (eventsByObject[object.uid ?? "-"] ?? []).sorted { Self.time(of: $0) < Self.time(of: $1) }
    }

    /// The latest event about an object with one of the reasons.
    public func latestEvent(about object: KubernetesObject, reasons: Set<String>) -> KubernetesObject? {
        events(about: object).last { reasons.contains($0["reason"]?.string ?? "") }
    }

    /// When an event last happened, as the server wrote it; RFC 3339 in UTC sorts as text.
    static func time(of event: KubernetesObject) -> String {
        event["series", "lastObservedTime"]?.string ?? event["lastTimestamp"]?.string ?? event["eventTime"]?.string
            ?? event.creationTimestamp ?? ""
    }
}
