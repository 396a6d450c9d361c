// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// The size of the terminal that messages go to; 80 by 24 where it cannot be told.
struct TerminalSize: Sendable, Hashable {
    var columns: Int
    var rows: Int

    /// The size now: asked for at each redraw, so that a resized window is followed without a signal.
    static var current: TerminalSize {
        guard let size = TerminalDevice.errors.size else {
            return TerminalSize(columns: 80, rows: 24)
        }
        return TerminalSize(columns: size.columns, rows: size.rows)
    }
}
