// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Who sends a request.
struct User: Sendable {
    /// Where it is said what a user may do.
    enum Grant: Sendable {
        /// Everything is allowed.
        case everything
        /// What the sandbox was configured with.
        case rules([AccessRule])
        /// The roles that are bound to the user in the cluster.
        case bindings
    }

    let name: String
    let groups: [String]
    var uid = ""
    var extra: [String: String] = [:]
    let grant: Grant

    static let everybody = "system:authenticated"

    /// Somebody whom the cluster's own roles tell what to do.
    init(name: String, groups: [String], uid: String = "", extra: [String: String] = [:]) {
        self.init(
            name: name, groups: groups, grant: groups.contains("system:masters") ? .everything : .bindings)
        self.uid = uid
        self.extra = extra
    }

    /// Somebody the sandbox was configured with, or its administrator.
    init(name: String, groups: [String], grant: Grant) {
        self.name = name
        self.groups = groups + (groups.contains(Self.everybody) ? [] : [Self.everybody])
        self.grant = grant
    }

    /// A service account, as its tokens name it.
    static func serviceAccount(
        _ name: String, namespace: String, uid: String = "", extra: [String: String] = [:]
    ) -> User {
        User(
            name: "system:serviceaccount:\(namespace):\(name)",
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)"], uid: uid, extra: extra)
    }

    /// Namespace and name of the service account that a user's name stands for; nil for other users.
    static func serviceAccount(named name: String) -> (namespace: String, name: String)? {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount" else { return nil }
        return (parts[2], parts[3])
    }

    var isAdministrator: Bool { if case .everything = grant { true } else { false } }

    /// As reviews tell of it.
    var info: Value {
        var info: Value = ["username": .string(name)]
        if !uid.isEmpty { info["uid"] = .string(uid) }
        info["groups"] = .array(groups.map { .string($0) })
        if !extra.isEmpty {
            info["extra"] = .mapping(
                Mapping(extra.sorted { $0.key < $1.key }.map { ($0.key, .array([.string($0.value)])) }))
        }
        return info
    }
}
