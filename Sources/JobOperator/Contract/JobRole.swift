// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The two sides of a training task.
public enum JobRole: String, Sendable, Hashable, CaseIterable {
    /// The aggregator.
    case server
    /// A party's trainer.
    case client
}
