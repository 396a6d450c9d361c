// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Why the controller ends.
public enum OperatorError: Error, Sendable, Hashable {
    /// It cannot serve its probes or metrics.
    case cannotListen(String)
    /// Another controller may lead now: what this one would do is not wanted any more.
    case leadershipLost(String)

    /// What happened and what to do.
    public var diagnostic: Diagnostic {
        switch self {
        case .cannotListen(let reason):
            Diagnostic(
                reason,
                hint:
                    "choose other addresses with --health-probe-bind-address and --metrics-bind-address; 0 serves none")
        case .leadershipLost(let reason):
            Diagnostic("the lead is lost: \(reason)", hint: "it is safe to start the controller again")
        }
    }
}
