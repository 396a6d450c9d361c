// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Everything that is wrong with a plan, found in one run.
public struct PlanError: Error, Sendable, Hashable {
    /// The problems, in the order of the file; never empty, and at least one is an error.
    public let diagnostics: [Diagnostic]

    /// Makes an error of the problems.
    init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }
}
