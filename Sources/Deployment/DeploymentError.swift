// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Rollout

/// A command cannot do what was asked, for a reason that lies neither in the plan nor in a single request.
public struct DeploymentError: Error, Sendable, Hashable {
    /// The exit code.
    public var code: ExitCode
    /// What happened, without a final stop.
    public var message: String
    /// What to do next.
    public var hint: String?

    /// Makes an error.
    public init(_ code: ExitCode, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
