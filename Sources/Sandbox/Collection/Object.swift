// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension Fields {
    /// The ownerReference of the object's controller.
    var controllerReference: Fields? { self.metadata.ownerReferences.list.first { $0.controller.isTrue } }

    /// Whether somebody has asked to delete the object.
    var isTerminating: Bool { self.metadata.deletionTimestamp.exists }

    /// The object's uid.
    var objectUID: String { self.metadata.uid.text }

    /// The object's name.
    var objectName: String { self.metadata.name.text }

    /// The object's namespace; empty for objects of the cluster.
    var objectNamespace: String { self.metadata.namespace.text }

    /// The reference with which this object owns another one as its controller.
    var ownerReference: Value {
        [
            "apiVersion": .string(self.apiVersion.text), "kind": .string(self.kind.text), "name": .string(objectName),
            "uid": .string(objectUID), "controller": true, "blockOwnerDeletion": true,
        ]
    }
}

extension Value {
    /// Sets a condition in `status.conditions`, keeping its transition time unless its status changes.
    ///
    /// - Parameters:
    ///   - type: The type of the condition.
    ///   - isTrue: Its status; nil means `Unknown`.
    ///   - reason: One word why.
    ///   - message: A sentence why.
    ///   - now: The time for `lastTransitionTime`, and for the fields named in `stamped`.
    ///   - stamped: Further time fields, such as `lastUpdateTime`, that are set whenever anything in the condition changes.
    mutating func setCondition(
        _ type: String, _ isTrue: Bool?, reason: String = "", message: String = "", now: Timestamp,
        stamped: [String] = []
    ) {
        var conditions = self[path: "status", "conditions"]?.array ?? []
        let position = conditions.firstIndex { $0["type"]?.string == type }
        let old = position.map { conditions[$0] }
        var condition: Value = [
            "type": .string(type), "status": .string(isTrue.map { $0 ? "True" : "False" } ?? "Unknown"),
        ]
        if !reason.isEmpty { condition["reason"] = .string(reason) }
        if !message.isEmpty { condition["message"] = .string(message) }
        let isSame = ["status", "reason", "message"].allSatisfy { old?[$0] == condition[$0] }
        if isSame, old != nil { return }
        for field in stamped { condition[field] = .string("\(now)") }
        let keepsTransition = old?["status"] == condition["status"]
        condition["lastTransitionTime"] = keepsTransition ? old?["lastTransitionTime"] : .string("\(now)")
        if let position { conditions[position] = condition } else { conditions.append(condition) }
        set(.array(conditions), at: ["status", "conditions"])
    }

    /// Removes a condition from `status.conditions`.
    mutating func removeCondition(_ type: String) {
        guard let conditions = self[path: "status", "conditions"]?.array else { return }
        let kept = conditions.filter { $0["type"]?.string != type }
        if kept.count != conditions.count { set(.array(kept), at: ["status", "conditions"]) }
    }
}
