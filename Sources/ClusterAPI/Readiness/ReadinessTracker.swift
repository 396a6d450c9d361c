// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Follows one object's readiness over time: a failure counts once it has lasted for the grace without any progress.
public struct ReadinessTracker: Sendable {
    private var failing: (code: String, since: Duration)?
    private var progress: [Int64]?
    /// When something last moved, on the observer's clock; nil before the first look.
    public private(set) var lastProgress: Duration?

    /// Starts without having seen anything.
    public init() {}

    /// The answer with the grace applied: what is failing becomes failed once it lasts, else it is progressing.
    public mutating func judge(_ readiness: Readiness, now: Duration, grace: Duration) -> Readiness {
        if advance(to: readiness.progress) {
            lastProgress = now
            failing = nil
        }
        guard case .failing(let reason) = readiness.verdict else {
            // A pull is tried again between two refusals: a moment of hope does not end the failure, progress does.
            if case .ready = readiness.verdict { failing = nil }
            return readiness
        }
        let code = Self.family(reason.code)
        if failing?.code != code { failing = (code, now) }
        var judged = readiness
        judged.verdict = now - (failing?.since ?? now) >= grace ? .failed(reason) : .progressing(reason)
        return judged
    }

    /// Whether anything got further than ever before: a container that starts again and again gets nowhere.
    private mutating func advance(to numbers: [Int64]) -> Bool {
        guard let best = progress, best.count == numbers.count else {
            progress = numbers
            return true
        }
        let better = zip(best, numbers).map { max($0, $1) }
        progress = better
        return better != best
    }

    /// Codes that take turns while the cause stays the same.
    private static func family(_ code: String) -> String {
        switch code {
        case "ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable": "ImagePull"
        case "CreateContainerError", "RunContainerError", "CrashLoopBackOff", "StartError": "ContainerStart"
        default: code
        }
    }
}
