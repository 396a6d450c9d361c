// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The kinds of patches, by the media type of their documents.
enum PatchKind: String, Sendable, CaseIterable {
    case json = "application/json-patch+json"
    case merge = "application/merge-patch+json"
    case strategic = "application/strategic-merge-patch+json"
    case apply = "application/apply-patch+yaml"
}
