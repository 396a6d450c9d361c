// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Records

/// Why a rollout did not happen or did not succeed: every cause, with the exit code that stands for them.
public struct RolloutError: Error, Sendable {
    /// The exit code.
    public var code: ExitCode
    /// Every cause, in plan order; never empty.
    public var causes: [Cause]

    /// Makes an error of its causes; without a code their numbers decide.
    public init(_ causes: [Cause], code: ExitCode? = nil) {
        self.causes = causes
        self.code = code ?? ExitCode.deciding(causes.compactMap { ExitCode(rawValue: $0.code) })
    }

    /// Makes an error of one cause.
    public init(
        _ code: ExitCode, _ message: String, component: String? = nil, object: String? = nil, hint: String? = nil
    ) {
        self.code = code
        causes = [Cause(component: component, object: object, code: code.rawValue, message: message, hint: hint)]
    }
}

extension RolloutError: CustomStringConvertible {
    /// A line per cause.
    public var description: String { causes.map(\.message).joined(separator: "\n") }
}
