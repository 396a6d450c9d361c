// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What templates may ask of the world around them, and how much they may do.
struct RenderEnvironment {
    /// `lookup`: API version, kind, namespace and name; an empty name lists.
    var lookup: @Sendable (String, String, String, String) throws -> Value
    /// `now`, in nanoseconds since 1970.
    var now: @Sendable () -> Int64
    /// How many statements and calls may run.
    var stepLimit: Int
    /// How many bytes one template may write.
    var outputLimit: Int
}
