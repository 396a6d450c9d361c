// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The server refused a request.
///
/// `CustomStringConvertible` gives the server's words with verb and object; `diagnostic` adds what to do next.
public struct APIError: ClusterFailure, Hashable {
    /// What the server answered.
    public var status: APIStatus
    /// What was asked of it.
    public var request: RequestDescription
    /// Whether an earlier try of the same request may have been carried out: "already exists" may mean our own object.
    public internal(set) var followsAmbiguousTry = false

    /// Makes an error of an answer.
    public init(status: APIStatus, request: RequestDescription) {
        self.status = status
        self.request = request
    }

    /// The reason to branch on.
    public var reason: APIStatus.Reason { status.reason }
    /// The HTTP status code.
    public var code: Int { status.code }
    /// The server's sentence.
    public var message: String { status.message }
    /// The causes, one per field or conflict, without repetitions.
    public var causes: [APIStatus.Cause] {
        var seen = Set<APIStatus.Cause>()
        return status.details.causes.filter { seen.insert($0).inserted }
    }
    /// How long the server asks to wait before another try.
    public var retryAfter: Duration? { status.details.retryAfterSeconds.map { .seconds($0) } }
}

/// What a request was about, for messages: the verb and the object or collection.
public struct RequestDescription: Sendable, Hashable, CustomStringConvertible {
    /// What was to be done.
    public enum Verb: String, Sendable {
        /// Read one object.
        case get
        /// Read a collection.
        case list
        /// Follow a collection.
        case watch
        /// Make an object.
        case create
        /// Server-side apply.
        case apply
        /// Replace an object.
        case update
        /// Patch an object.
        case patch
        /// Delete an object.
        case delete
        /// Read a container's log.
        case logs = "read the logs of"
        /// Ask something of the server that is about no object, such as its version.
        case query = "ask for"
    }

    /// What was to be done.
    public var verb: Verb
    /// The object, the collection or the question: `Deployment/mysql`, `pods`, `the server version`.
    public var subject: String
    /// The namespace; nil when it is about none or about all.
    public var namespace: String?
    /// The object, when the request is about one.
    public var object: ObjectKey?

    /// Describes a request about one object.
    public init(_ verb: Verb, _ object: ObjectKey) {
        self.verb = verb
        self.object = object
        subject = object.description
        namespace = object.namespace
    }

    /// Describes a request about a collection or a question.
    public init(_ verb: Verb, _ subject: String, namespace: String? = nil) {
        self.verb = verb
        self.subject = subject
        self.namespace = namespace
    }

    /// As in `apply Deployment/mysql in namespace fl`.
    public var description: String {
        "\(verb.rawValue) \(subject)" + (namespace.map { " in namespace \($0)" } ?? "")
    }
}
