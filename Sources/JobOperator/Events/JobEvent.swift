// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

/// Something that happened to a job and that its user should know: a Kubernetes Event.
public struct JobEvent: Sendable, Hashable {
    /// Whether people should worry.
    public enum Severity: String, Sendable, Hashable {
        /// It goes as it should.
        case normal = "Normal"
        /// It does not.
        case warning = "Warning"
    }

    /// The object that it is about, as `involvedObject` has it.
    struct Subject: Sendable, Hashable {
        var apiVersion: String
        var kind: String
        var key: JobKey
        var uid: String
        var resourceVersion: String
    }

    /// The object that it is about.
    let subject: Subject
    /// Whether people should worry.
    public let severity: Severity
    /// One word for programs.
    public let reason: String
    /// One sentence for people, without secrets.
    public var message: String

    /// Tells something about a job.
    public init(_ severity: Severity, _ reason: String, _ message: String, about job: IflearnerJob) {
        subject = Subject(
            apiVersion: JobContract.kind.apiVersion, kind: JobContract.kind.kind, key: job.key, uid: job.uid,
            resourceVersion: job.object.resourceVersion ?? "")
        self.severity = severity
        self.reason = reason
        // The API takes 1024 bytes.
        self.message = Self.cut(message)
    }

    static func cut(_ message: String) -> String {
        guard message.utf8.count > 1000 else { return message }
        var text = message
        // A character has at least one byte, and a few hundred at most.
        text = String(text.prefix(1000))
        while text.utf8.count > 1000 { text.removeLast() }
        return text + "…"
    }
}
