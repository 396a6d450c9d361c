// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// What the pod of a job is going to be, while it can still be changed.
public struct PodDraft: Sendable, Hashable {
    /// The labels; `app` is forced onto them last (C4, D12).
    public var labels: [String: String]
    /// The annotations.
    public var annotations: [String: String]
    /// The pod's `spec`, without nulls; its containers are checked to have names and images.
    public var spec: Value

    /// Makes a draft.
    public init(labels: [String: String] = [:], annotations: [String: String] = [:], spec: Value) {
        self.labels = labels
        self.annotations = annotations
        self.spec = spec
    }
}
