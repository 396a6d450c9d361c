// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Who wrote a record, in the annotation `iflearnerctl.io/write`: tells our own lost answer from a rival.
public struct WriteMark: Sendable, Hashable, CustomStringConvertible {
    /// The job that wrote.
    public var job: String
    /// How often the lock had changed hands: the fencing number.
    public var leaseTransitions: Int
    /// The number of the write within its process.
    public var sequence: Int

    /// Marks a write.
    public init(job: String, leaseTransitions: Int, sequence: Int) {
        self.job = job
        self.leaseTransitions = leaseTransitions
        self.sequence = sequence
    }

    /// Whether the annotation is of an earlier write of the same holder, whose answer never arrived.
    func follows(_ annotation: String?) -> Bool {
        guard let earlier = annotation.flatMap({ WriteMark($0) }) else { return false }
        return earlier.job == job && earlier.leaseTransitions == leaseTransitions && earlier.sequence < sequence
    }

    /// As in `fe846176-.../3/17`.
    public var description: String { "\(job)/\(leaseTransitions)/\(sequence)" }

    /// Reads the annotation; nil when something else wrote it.
    public init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 3, let transitions = Int(parts[1]), let sequence = Int(parts[2]) else { return nil }
        self.init(job: String(parts[0]), leaseTransitions: transitions, sequence: sequence)
    }
}
