// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What can be asked about the terminal behind a descriptor.
public struct TerminalDevice: Sendable, Hashable {
    /// The descriptor.
    public var descriptor: Int32

    /// Standard input.
    public static let input = TerminalDevice(descriptor: 0)
    /// Standard output.
    public static let output = TerminalDevice(descriptor: 1)
    /// Standard error.
    public static let errors = TerminalDevice(descriptor: 2)

    /// Asks about a descriptor.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Whether there is a terminal behind it.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// The window's width and height in characters; nil without a terminal, or with one that does not know.
    public var size: (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
