// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How long watches live and how often they say where they are.
struct WatchTiming: Sendable {
    /// The time between bookmarks.
    var bookmarks = Duration.seconds(60)
    /// The life of a watch that asks for none, chosen between these bounds.
    var life = 1800...3600
}
