// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// How a component of a deployment was when a job last looked at it.
public struct ComponentRecord: Sendable, Hashable {
    /// The component's name.
    public var name: String
    /// The components it waits for.
    public var dependsOn: [String]
    /// Whether its workloads are available.
    public var status: ModuleStatus
    /// Why it is not available, one sentence per cause.
    public var reasons: [String]

    /// Describes a component.
    public init(name: String, dependsOn: [String] = [], status: ModuleStatus = .pending, reasons: [String] = []) {
        self.name = name
        self.dependsOn = dependsOn
        self.status = status
        self.reasons = reasons
    }

    /// The documented JSON: `name`, `dependsOn`, `status`, `reasons`.
    public var json: Value {
        var fields: Mapping = ["name": .string(name)]
        fields.set("dependsOn", dependsOn)
        fields["status"] = .string(status.rawValue)
        fields.set("reasons", reasons)
        return .mapping(fields)
    }

    init(_ fields: FieldReader) throws(FieldReader.Problem) {
        name = try fields.string("name")
        dependsOn = try fields.strings("dependsOn")
        status = try fields.word("status", ModuleStatus.self)
        reasons = try fields.strings("reasons")
    }
}

/// Whether the workloads of a component are available: `ModuleStatus` of `job describe`.
public enum ModuleStatus: String, Sendable, Hashable, CaseIterable {
    /// Nothing of it was written yet.
    case pending = "Pending"
    /// Written, and on the way.
    case progressing = "Progressing"
    /// Every object of it is ready.
    case available = "Available"
    /// Something of it failed.
    case unavailable = "Unavailable"
    /// Somebody else provides it.
    case shared = "Shared"
    /// It was uninstalled.
    case removed = "Removed"
}
