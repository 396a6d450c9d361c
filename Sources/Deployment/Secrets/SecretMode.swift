// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What becomes of secrets where manifests are printed (spec/plan.md, Secrets).
public enum SecretMode: String, Sendable, Hashable, CaseIterable {
    /// Secrets are left out.
    case omit
    /// Everything refers to Secrets that must exist; none is rendered that would hold something secret.
    case reference
    /// Secrets are printed with texts to replace.
    case placeholder
}
