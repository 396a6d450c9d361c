// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How far the stack of the rendering thread may grow: recursion in charts ends in an error, not in a crash.
struct StackLimit {
    /// The lowest address that may be in use.
    private let lowest: UInt

    /// A limit for the current thread, `size` bytes below the caller's frame.
    init(size: Int) {
        lowest = Self.here() - UInt(size)
    }

    var hasRoom: Bool { Self.here() > lowest }

    @inline(never)
    private static func here() -> UInt {
        var marker: UInt8 = 0
        return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
    }
}
