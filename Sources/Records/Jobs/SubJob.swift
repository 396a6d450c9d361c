// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes
public import Values

/// What a job does to one component.
public struct SubJob: Sendable, Hashable {
    /// The component's name.
    public var component: String
    /// Its state within the job.
    public var status: SubJobStatus
    /// Whether its workloads are available.
    public var moduleStatus: ModuleStatus
    /// When work on it began.
    public var startTime: Timestamp?
    /// When it ended.
    public var endTime: Timestamp?
    /// Objects written, or deleted in an uninstall.
    public var done: Int
    /// Objects to write or delete.
    public var total: Int
    /// What it is waiting for, or why it failed: a sentence per cause, the deciding one first.
    public var reasons: [String]

    /// A component whose turn has not come.
    public init(component: String) {
        self.component = component
        status = .pending
        moduleStatus = .pending
        done = 0
        total = 0
        reasons = []
    }

    /// The documented JSON: `component`, `status`, `moduleStatus`, `startTime`, `endTime`, `done`, `total`, `reasons`.
    public var json: Value {
        var fields: Mapping = [
            "component": .string(component), "status": .string(status.rawValue),
            "moduleStatus": .string(moduleStatus.rawValue),
        ]
        fields.set("startTime", startTime)
        fields.set("endTime", endTime)
        fields["done"] = .int(Int64(done))
        fields["total"] = .int(Int64(total))
        fields.set("reasons", reasons)
        return .mapping(fields)
    }

    init(_ fields: FieldReader) throws(FieldReader.Problem) {
        component = try fields.string("component")
        status = try fields.word("status", SubJobStatus.self)
        moduleStatus = try fields.word("moduleStatus", ModuleStatus.self)
        startTime = try fields.optionalTime("startTime")
        endTime = try fields.optionalTime("endTime")
        done = try fields.optionalInt("done") ?? 0
        total = try fields.optionalInt("total") ?? 0
        reasons = try fields.strings("reasons")
    }
}

/// One cause of a job's failure.
public struct Cause: Sendable, Hashable {
    /// The component it happened in; nil for the whole deployment.
    public var component: String?
    /// The object it happened to, as in `Deployment/mysql`.
    public var object: String?
    /// The exit code that stands for the kind of cause.
    public var code: Int
    /// What happened, one sentence.
    public var message: String
    /// What to do next.
    public var hint: String?

    /// Describes a cause.
    public init(component: String? = nil, object: String? = nil, code: Int, message: String, hint: String? = nil) {
        self.component = component
        self.object = object
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The documented JSON: `component`, `object`, `code`, `message`, `hint`.
    public var json: Value {
        var fields = Mapping()
        fields.set("component", component)
        fields.set("object", object)
        fields["code"] = .int(Int64(code))
        fields["message"] = .string(message)
        fields.set("hint", hint)
        return .mapping(fields)
    }

    init(_ fields: FieldReader) throws(FieldReader.Problem) {
        component = try fields.optionalString("component")
        object = try fields.optionalString("object")
        code = try fields.int("code")
        message = try fields.string("message")
        hint = try fields.optionalString("hint")
    }
}

/// What happened in a job at a time: an entry of `States`.
public struct JobEvent: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// What, as in `create revision 1`.
    public var text: String

    /// Notes an event.
    public init(time: Timestamp, text: String) {
        self.time = time
        self.text = text
    }
}

/// What an uninstall removes.
public struct Removal: Sendable, Hashable {
    /// The components to remove; nil removes the whole deployment.
    public var components: [String]?
    /// Whether PersistentVolumeClaims go, with the Secrets that hold their credentials.
    public var deletesData: Bool
    /// Whether CustomResourceDefinitions go.
    public var deletesDefinitions: Bool
    /// Whether the namespace goes, if the deployment created it.
    public var deletesNamespace: Bool
    /// Whether components go although others need them.
    public var isForced: Bool

    /// Describes a removal.
    public init(
        components: [String]? = nil, deletesData: Bool = false, deletesDefinitions: Bool = false,
        deletesNamespace: Bool = false, isForced: Bool = false
    ) {
        self.components = components
        self.deletesData = deletesData
        self.deletesDefinitions = deletesDefinitions
        self.deletesNamespace = deletesNamespace
        self.isForced = isForced
    }

    /// The documented JSON: `components`, `deleteData`, `deleteDefinitions`, `deleteNamespace`, `force`.
    public var json: Value {
        var fields = Mapping()
        if let components { fields["components"] = .array(components.map(Value.string)) }
        fields.set("deleteData", deletesData)
        fields.set("deleteDefinitions", deletesDefinitions)
        fields.set("deleteNamespace", deletesNamespace)
        fields.set("force", isForced)
        return .mapping(fields)
    }

    init(_ fields: FieldReader) throws(FieldReader.Problem) {
        components = fields.value["components"] == nil ? nil : try fields.strings("components")
        deletesData = try fields.bool("deleteData")
        deletesDefinitions = try fields.bool("deleteDefinitions")
        deletesNamespace = try fields.bool("deleteNamespace")
        isForced = try fields.bool("force")
    }
}
