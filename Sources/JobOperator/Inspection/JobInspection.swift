// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
import Values

/// Everything about a job: its training asked just now, what was made for it, and what has happened to it.
public struct JobInspection: Sendable {
    /// The job and its training.
    public let overview: JobOverview
    /// What is to be made for it, in the order of `ChildKind`.
    public let children: [Child]
    /// Its pod; nil where there is none of this job, or pods may not be read.
    public let pod: KubernetesObject?
    /// What has happened to it and to what was made for it, the latest last.
    public let events: [Event]

    /// What the operator has changed about the pod to fit it to the cluster, a line each.
    public var changes: [String] {
        (pod?.annotations[JobPolicy.changesAnnotation] ?? "").split(separator: "\n").map(String.init)
    }

    /// Something that is to be made for a job.
    public struct Child: Sendable, Hashable {
        /// What it is.
        public var kind: ChildKind
        /// How it is.
        public var state: State
        /// What is the matter with it; empty when nothing is.
        public var problem: String

        /// How something made for a job is.
        public enum State: String, Sendable, Hashable {
            /// It is there and works.
            case ready = "Ready"
            /// It is there and does not work, or not yet.
            case notReady = "NotReady"
            /// It is not there.
            case missing = "Missing"
            /// Something of its name belongs to somebody else.
            case foreign = "Foreign"
            /// It may not be read.
            case unknown = "Unknown"
        }
    }

    /// Something that has happened.
    public struct Event: Sendable, Hashable {
        /// When it last did; nil when nobody says.
        public var time: Timestamp?
        /// How often it did.
        public var count: Int64
        /// `Normal` or `Warning`.
        public var type: String
        /// One word.
        public var reason: String
        /// To what, as in `Pod`.
        public var kind: String
        /// One sentence.
        public var message: String
    }

    /// Looks at a job: a request per kind, and one to its aggregator.
    public init(of job: IflearnerJob, client: ClusterClient, time: TimeSource) async throws {
        let client = client.on(.status)
        let reader = OverviewReader(client: client, time: time)
        async let asked = reader.asked(job)
        async let eventList = Self.events(of: job, client)
        let found = try await Self.objects(of: job, client)
        let events = try await eventList
        let own = found.compactMap { $0.object }.filter { $0.controller?.uid == job.uid }
        let context = Self.context(own + events, now: time.wall())
        pod = own.first { $0.kind == ChildKind.pod.kind }
        children = found.compactMap { Self.child($0, of: job, context) }
        self.events = events.map(Event.init).sorted { ($0.time?.seconds ?? 0) < ($1.time?.seconds ?? 0) }
        var overview = try await asked
        overview.node = pod?["spec", "nodeName"]?.string
        self.overview = overview
    }

    /// What may be there under a job's name.
    private struct Found: Sendable {
        var kind: ChildKind
        var object: KubernetesObject?
        var mayBeRead = true
    }

    private static func objects(of job: IflearnerJob, _ client: ClusterClient) async throws -> [Found] {
        try await withThrowingTaskGroup(of: Found?.self) { group in
            for kind in ChildKind.allCases {
                group.addTask {
                    do {
                        let type = try await kind.served(by: client)
                        let key = ObjectKey(type, namespace: job.key.namespace, name: job.key.name)
                        return Found(kind: kind, object: try await client.find(key))
                    } catch let error as APIError where error.reason == .forbidden {
                        return Found(kind: kind, mayBeRead: false)
                    } catch is DiscoveryError {
                        // Of a kind that the server does not serve there is nothing to say.
                        return nil
                    }
                }
            }
            var found: [Found] = []
            for try await one in group { if let one { found.append(one) } }
            return ChildKind.allCases.compactMap { kind in found.first { $0.kind == kind } }
        }
    }

    private static func events(of job: IflearnerJob, _ client: ClusterClient) async throws -> [KubernetesObject] {
        do {
            // Whatever is made for a job has its name.
            return try await client.list(
                .event, namespace: job.key.namespace, selector: Selector(fields: ["involvedObject.name": job.key.name])
            ).items
        } catch let error as APIError where error.reason == .forbidden {
            return []
        }
    }

    private static func context(_ objects: [KubernetesObject], now: Timestamp) -> ReadinessContext {
        ReadinessContext(objects: ObjectSnapshot(objects, knownKinds: [ChildKind.service.groupKind]), now: now)
    }

    /// Judges a child; nil where a missing one is as it should be.
    private static func child(_ found: Found, of job: IflearnerJob, _ context: ReadinessContext) -> Child? {
        guard found.mayBeRead else {
            return Child(kind: found.kind, state: .unknown, problem: "it may not be read")
        }
        guard let object = found.object else { return missing(found.kind, of: job) }
        guard object.controller?.uid == job.uid else {
            let owner = object.controller.map { "\($0.kind) \($0.name) (uid \($0.uid))" } ?? "nobody"
            return Child(kind: found.kind, state: .foreign, problem: "it belongs to \(owner)")
        }
        // No controller gives PodDisruptionBudgets or ClusterIP Services anything to wait for.
        var context = context
        context.address = .ignore
        guard let reason = ReadinessRules.evaluate(object, in: context).reason else {
            return Child(kind: found.kind, state: .ready, problem: "")
        }
        let text = reason.message.isEmpty ? reason.code : "\(reason.code): \(reason.message)"
        return Child(kind: found.kind, state: .notReady, problem: text)
    }

    private static func missing(_ kind: ChildKind, of job: IflearnerJob) -> Child? {
        switch kind {
        case .disruptionBudget: nil
        // A client's is made only where a class for it is configured, and a finished job needs none.
        case .ingress where job.role != .server: nil
        case .pod, .service, .ingress:
            Child(kind: kind, state: .missing, problem: job.isOver ? "the job is over" : "it is not there")
        }
    }
}

extension JobInspection.Event {
    init(_ event: KubernetesObject) {
        let text =
            event["series", "lastObservedTime"]?.string ?? event["lastTimestamp"]?.string ?? event["eventTime"]?.string
            ?? event.creationTimestamp
        self.init(
            time: text.flatMap(Timestamp.init(rfc3339:)),
            count: event["series", "count"]?.int ?? event["count"]?.int ?? 1, type: event["type"]?.string ?? "",
            reason: event["reason"]?.string ?? "", kind: event["involvedObject", "kind"]?.string ?? "",
            message: event["message"]?.string ?? "")
    }
}
