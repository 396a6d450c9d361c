// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What to say about a key that the plan does not have.
struct UnknownKey {
    let message: String
    let hint: String?

    init(_ key: String, in path: String, among fields: [Field]) {
        let place = path.isEmpty ? "" : " in \(path)"
        let fullPath = path.isEmpty ? key : path + "." + key
        if let hint = OtherKeys.passwordHint(key, in: path) {
            (message, self.hint) = ("a plan must not hold a password: '\(key)'\(place)", hint)
            return
        }
        if OtherKeys.later.contains(fullPath) {
            message = "the key '\(fullPath)' comes with a later version of iflearnerctl"
            hint = "remove it, or name it in skippedKeys to leave it in the file"
            return
        }
        if let instead = OtherKeys.instead[key] {
            (message, hint) = ("unknown key '\(key)'\(place)", instead)
            return
        }
        if path == "mysql", ["ip", "port", "database", "user"].contains(key) {
            (message, hint) = (
                "unknown key '\(key)'\(place)", "for a database that is there already, write mysql.external.\(key)"
            )
            return
        }
        if path.isEmpty, OtherKeys.ofFATE.contains(key) {
            (message, hint) = ("the key '\(key)' belongs to FATE; iflearner has none", "remove it")
            return
        }
        if let near = nearestName(to: key, in: fields.map(\.key)) {
            (message, hint) = ("unknown key '\(key)'\(place) (did you mean '\(near)'?)", nil)
            return
        }
        message = "unknown key '\(key)'\(place)"
        let homes = Self.homes(of: key)
        if !homes.isEmpty {
            hint = "it belongs " + (path.isEmpty ? "into a block: " : "elsewhere: ") + homes.joined(separator: ", ")
        } else if let near = nearestName(
            to: key, in: Self.paths.compactMap { $0.split(separator: ".").last.map(String.init) })
        {
            hint = "did you mean \(Self.homes(of: near).prefix(3).joined(separator: ", "))?"
        } else {
            hint = nil
        }
    }

    /// The paths of keys of this name, the shortest first.
    private static func homes(of key: String) -> [String] {
        paths.filter { $0 == key || $0.hasSuffix("." + key) }
    }

    private static let paths: [String] = collect(PlanSchema.root, below: "")

    private static func collect(_ fields: [Field], below path: String) -> [String] {
        fields.flatMap { field in
            let own = path.isEmpty ? field.key : path + "." + field.key
            return [own] + collect(field.type.fields ?? [], below: own)
        }
    }
}
