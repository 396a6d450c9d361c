// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The size of the terminal that messages go to; 80 by 24 where it cannot be told.
struct TerminalSize: Sendable, Hashable {
    var columns: Int
    var rows: Int

    /// The size now: asked for at each redraw, so that a resized window is followed without a signal.
    static var current: TerminalSize {
        var size = winsize()
        guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return TerminalSize(columns: 80, rows: 24)
        }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}
