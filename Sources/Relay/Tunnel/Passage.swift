// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// One direction of a tunnel: bytes that were read and are not yet written, and how far its end has come.
///
/// It is filled when it is empty, and only then: what cannot be written stops the reading. Pending bytes never move, as a
/// repeated write over TLS has to begin at the same place.
struct Passage: ~Copyable {
    /// The bytes that may be on their way at once.
    static let capacity = 64 << 10

    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    private var start = 0
    private var end = 0
    /// Whether the source has ended its side.
    private(set) var hasEnded = false
    /// Whether the destination was told so.
    private(set) var isClosed = false
    /// The bytes that were written.
    private(set) var total: UInt64 = 0

    deinit { buffer.deallocate() }

    /// Whether nothing waits to be written.
    var isEmpty: Bool { start == end }
    /// Whether more is to be read from the source.
    var wantsMore: Bool { isEmpty && !hasEnded }
    /// Whether everything was written and only the end is to be told.
    var wantsClosing: Bool { isEmpty && hasEnded && !isClosed }

    /// Where to read to.
    var space: UnsafeMutableRawBufferPointer { buffer }
    /// What is to be written.
    var pending: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<end]) }

    /// Notes that bytes were read into the space.
    mutating func fill(_ count: Int) { (start, end) = (0, count) }

    /// Notes that pending bytes were written.
    mutating func take(_ count: Int) {
        start += count
        total += UInt64(count)
    }

    /// Notes that the source has ended.
    mutating func endSource() { hasEnded = true }

    /// Notes that the destination was told of the end.
    mutating func close() { isClosed = true }
}
