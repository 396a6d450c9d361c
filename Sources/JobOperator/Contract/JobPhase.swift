// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// The words of `status.phase`: those of pods, which is what flow knows (C8).
public enum JobPhase: String, Sendable, Hashable, CaseIterable {
    /// The pod is not made, not scheduled or not started.
    case pending = "Pending"
    /// The pod runs.
    case running = "Running"
    /// The pod ended well.
    case succeeded = "Succeeded"
    /// The pod ended badly, or the job cannot be run.
    case failed = "Failed"
    /// The pod's node cannot be asked.
    case unknown = "Unknown"

    /// Whether nothing more happens after it.
    public var isFinal: Bool { self == .succeeded || self == .failed }

    /// Whether the pod's containers have run, and what they mount was there.
    var hasStarted: Bool { self == .running || self == .succeeded }

    /// Reads `phase` of a status; a pod that has none yet is pending, and no word of another kind is passed on.
    public init(ofStatus status: Value?) {
        guard let word = status?["phase"]?.string, !word.isEmpty else {
            self = .pending
            return
        }
        self = JobPhase(rawValue: word) ?? .unknown
    }
}
