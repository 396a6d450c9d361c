// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Why a policy cannot be read: no job of its role is started until it is.
public struct PolicyError: Error, Sendable, Hashable {
    /// The ConfigMap.
    public let configMap: JobKey
    /// What is wrong with it, in the order of the text; never empty.
    public let diagnostics: [Diagnostic]

    init(_ configMap: JobKey, _ diagnostics: [Diagnostic]) {
        self.configMap = configMap
        self.diagnostics = diagnostics
    }

    /// The first problem and what to do about it, in one line for a condition.
    public var message: String {
        var text = "ConfigMap \(configMap)"
        if let first = diagnostics.first {
            if let location = first.location { text += ", \(location)" }
            text += ": \(first.message)"
            if let hint = first.hint { text += "; \(hint)" }
        }
        return diagnostics.count > 1 ? text + " (and \(diagnostics.count - 1) more)" : text
    }
}
