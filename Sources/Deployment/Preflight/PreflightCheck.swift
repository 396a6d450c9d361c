// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// What one check of `doctor` found.
public struct PreflightCheck: Sendable, Hashable {
    /// How it stands.
    public enum Verdict: String, Sendable, Hashable {
        /// As it should be.
        case ok
        /// Worth a look, stops nothing.
        case warn
        /// An installation would fail.
        case fail
        /// It may not be read, so nothing is known: never a failure.
        case skip
    }

    /// What was checked, as in `storage class`.
    public var name: String
    /// How it stands.
    public var verdict: Verdict
    /// What was found.
    public var message: String
    /// What to do, in one line or several, such as a Role to apply; empty when there is nothing to do.
    public var remedy: String

    /// Notes a finding.
    public init(_ name: String, _ verdict: Verdict, _ message: String, remedy: String = "") {
        self.name = name
        self.verdict = verdict
        self.message = message
        self.remedy = remedy
    }

    /// The documented JSON: `name`, `verdict`, `message`, `remedy`.
    public var json: Value {
        var fields: Mapping = [
            "name": .string(name), "verdict": .string(verdict.rawValue), "message": .string(message),
        ]
        if !remedy.isEmpty { fields["remedy"] = .string(remedy) }
        return .mapping(fields)
    }
}
