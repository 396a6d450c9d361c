// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// The kubeconfig cannot be used: everything that is wrong with it.
public struct KubeconfigError: ClusterFailure, Hashable {
    /// What is wrong, in the order of the files; never empty.
    public var diagnostics: [Diagnostic]

    /// Makes an error of one or more problems.
    public init(_ first: Diagnostic, _ others: [Diagnostic] = []) {
        diagnostics = [first] + others
    }

    init(_ message: String, at location: SourceLocation? = nil, hint: String? = nil) {
        self.init(Diagnostic(message, at: location, hint: hint))
    }

    /// The first problem, with the others as notes.
    public var diagnostic: Diagnostic {
        var diagnostic = diagnostics[0]
        diagnostic.notes += diagnostics.dropFirst().map { Diagnostic.Note($0.message, at: $0.location) }
        return diagnostic
    }
}
