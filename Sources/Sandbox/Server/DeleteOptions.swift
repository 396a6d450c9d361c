// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// How an object shall be deleted.
struct DeleteOptions: Sendable {
    enum Propagation: String, Sendable {
        case orphan = "Orphan"
        case background = "Background"
        case foreground = "Foreground"
    }

    /// How many seconds a pod has to stop; nil for what the pod says.
    var gracePeriod: Int?
    var propagation: Propagation?
    /// The uid the object must have.
    var uid: String?
    /// The resourceVersion the object must have.
    var resourceVersion: String?
    var isDryRun = false

    init() {}

    /// Reads a `DeleteOptions` document.
    init(_ body: Value) throws {
        gracePeriod = body["gracePeriodSeconds"]?.int.map { Int(clamping: $0) }
        uid = body[path: "preconditions", "uid"]?.string
        resourceVersion = body[path: "preconditions", "resourceVersion"]?.string
        for value in body["dryRun"]?.array ?? [] {
            try OptionChecks.dryRun(value.string ?? "", in: "DeleteOptions")
            isDryRun = true
        }
        if let text = body["propagationPolicy"]?.string { try setPropagation(text) }
        if body["orphanDependents"]?.bool == true { propagation = .orphan }
        if let gracePeriod, gracePeriod < 0 { self.gracePeriod = 1 }
    }

    mutating func setPropagation(_ text: String) throws {
        guard let policy = Propagation(rawValue: text) else {
            throw StatusError.invalidOptions(
                "DeleteOptions",
                .notSupported(
                    FieldPath("propagationPolicy"), .string(text), ["Foreground", "Background", "Orphan", "nil"]))
        }
        propagation = policy
    }
}

/// Checks of options that several kinds of request have.
enum OptionChecks {
    /// The only dry run there is.
    static func dryRun(_ text: String, in kind: String) throws {
        guard text != "All" else { return }
        throw StatusError.invalidOptions(kind, .notSupported(FieldPath("dryRun"), .array([.string(text)]), ["All"]))
    }
}
