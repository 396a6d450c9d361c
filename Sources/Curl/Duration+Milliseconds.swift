// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// The duration in whole milliseconds, rounded down, as libcurl and `poll` take it.
    public var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
