// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Whether an object is there and works, as far as can be said.
public struct Readiness: Sendable, Hashable {
    /// The answer.
    public var verdict: Verdict
    /// What the user should know although it is ready.
    public var warnings: [String]
    /// Numbers that grow when something moves: the grace of a failure starts anew when one is larger than ever before.
    public var progress: [Int64]

    /// The answers.
    public enum Verdict: Sendable, Hashable {
        /// It is as it should be.
        case ready
        /// It is on its way.
        case progressing(ReadinessReason)
        /// It will not get there unless something moves: a failure once that lasts for the grace.
        case failing(ReadinessReason)
        /// It has failed for good.
        case failed(ReadinessReason)
    }

    /// Makes an answer.
    public init(_ verdict: Verdict, warnings: [String] = [], progress: [Int64] = []) {
        self.verdict = verdict
        self.warnings = warnings
        self.progress = progress
    }

    /// Ready, with nothing to say.
    public static let ready = Readiness(.ready)

    /// Ready, with something the user should know.
    public static func ready(warning: String) -> Readiness { Readiness(.ready, warnings: [warning]) }

    /// On its way.
    public static func progressing(_ code: String, _ message: String, progress: [Int64] = []) -> Readiness {
        Readiness(.progressing(ReadinessReason(code, message)), progress: progress)
    }

    /// Failed for good.
    public static func failed(_ code: String, _ message: String) -> Readiness {
        Readiness(.failed(ReadinessReason(code, message)))
    }

    /// Failed once this lasts for the grace.
    public static func failing(_ code: String, _ message: String, progress: [Int64] = []) -> Readiness {
        Readiness(.failing(ReadinessReason(code, message)), progress: progress)
    }

    /// Why it is not ready; nil when it is.
    public var reason: ReadinessReason? {
        switch verdict {
        case .ready: nil
        case .progressing(let reason), .failing(let reason), .failed(let reason): reason
        }
    }
}

/// Why an object is not ready.
public struct ReadinessReason: Sendable, Hashable, CustomStringConvertible {
    /// One word for programs, as in `ImagePullBackOff` or `LatestGenerationNotObserved`.
    public var code: String
    /// A sentence for people, without a final stop.
    public var message: String
    /// The object at fault, where it is another one: the pod of a Deployment.
    public var object: ObjectKey?
    /// The log that tells more: of a container that crashed.
    public var log: LogSource?

    /// A container's log.
    public struct LogSource: Sendable, Hashable {
        /// The pod.
        public var pod: ObjectKey
        /// The container in it.
        public var container: String
        /// Whether the run before the present one is meant.
        public var previous: Bool

        /// Names a log.
        public init(pod: ObjectKey, container: String, previous: Bool) {
            self.pod = pod
            self.container = container
            self.previous = previous
        }
    }

    /// Makes a reason.
    public init(_ code: String, _ message: String, object: ObjectKey? = nil, log: LogSource? = nil) {
        self.code = code
        self.message = message
        self.object = object
        self.log = log
    }

    /// As in `pod flow-server-x2x: ImagePullBackOff: manifest unknown`.
    public var description: String {
        let what = object.map { "\($0.kind.kind.lowercased()) \($0.name): " } ?? ""
        return what + (message.isEmpty || message == code ? code : "\(code): \(message)")
    }
}
