// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

/// Fills in what the API server fills in for fields that a client leaves out.
///
/// Objects come normalized (`Value.normalized(as:)`), so a missing field is a missing field: zero values that Go cannot tell
/// from missing ones are gone. What depends on other objects (addresses, ports, storage classes) is not filled in here.
enum ObjectDefaults {
    /// Fills in the defaults of an object of a built-in kind; other kinds stay as they are.
    static func fill(_ object: inout Value, kind: BuiltInTypes.Kind) {
        switch kind.kind {
        case "Pod": fillPod(&object)
        case "PodTemplate": fillTemplate(&object["template"])
        case "Deployment": fillDeployment(&object)
        case "ReplicaSet":
            object.edit("spec") { spec in
                spec.fill("replicas", 1)
                fillTemplate(&spec["template"])
            }
        case "ReplicationController": fillReplicationController(&object)
        case "DaemonSet": fillDaemonSet(&object)
        case "StatefulSet": fillStatefulSet(&object)
        case "Job": fillJob(&object)
        case "CronJob": fillCronJob(&object)
        case "Service": fillService(&object)
        case "Secret": fillSecret(&object)
        case "Endpoints":
            object.editEach("subsets") { $0.editEach("ports") { $0.fill("protocol", "TCP") } }
        case "EndpointSlice":
            object.editEach("ports") { port in
                port.fill("name", "")
                port.fill("protocol", "TCP")
            }
        case "LimitRange": fillLimitRange(&object)
        case "PriorityClass": object.fill("preemptionPolicy", "PreemptLowerPriority")
        case "TokenRequest": object.edit("spec") { $0.fill("expirationSeconds", 3600) }
        default:
            fillStorage(&object, kind.kind)
            fillPolicies(&object, kind)
        }
    }

    private static func fillSecret(_ object: inout Value) {
        if let texts = object["stringData"]?.mapping {
            object.edit("data") { data in
                for (key, text) in texts { data[key] = .string(Base64.encode((text.string ?? "").utf8)) }
            }
            object["stringData"] = nil
        }
        object.fill("type", "Opaque")
    }

    private static func fillLimitRange(_ object: inout Value) {
        object.edit("spec") { spec in
            spec.editEach("limits") { limit in
                guard limit["type"] == "Container" else { return }
                let maximum = limit["max"]?.mapping ?? Mapping()
                if !maximum.isEmpty { limit.edit("default") { for (name, value) in maximum { $0.fill(name, value) } } }
                let most = limit["default"]?.mapping ?? Mapping()
                if !most.isEmpty { limit.edit("defaultRequest") { for (name, value) in most { $0.fill(name, value) } } }
                let minimum = limit["min"]?.mapping ?? Mapping()
                if !minimum.isEmpty {
                    limit.edit("defaultRequest") { for (name, value) in minimum { $0.fill(name, value) } }
                }
            }
        }
    }
}

extension Value {
    /// Sets a key that is not there.
    mutating func fill(_ key: String, _ value: Value) {
        if self[key] == nil { self[key] = value }
    }

    /// Changes what is under a key, which becomes an empty object when it is missing.
    mutating func edit(_ key: String, _ change: (inout Value) -> Void) {
        var child = self[key] ?? [:]
        change(&child)
        self[key] = child
    }

    /// Changes what is under a key when there is something.
    mutating func editIfPresent(_ key: String, _ change: (inout Value) -> Void) {
        guard var child = self[key], child.mapping != nil else { return }
        change(&child)
        self[key] = child
    }

    /// Changes every element of the list under a key.
    mutating func editEach(_ key: String, _ change: (inout Value) -> Void) {
        guard var elements = self[key]?.array else { return }
        for index in elements.indices { change(&elements[index]) }
        self[key] = .array(elements)
    }
}
