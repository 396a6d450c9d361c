// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Comparisons that take the same time wherever two secrets differ.
public enum ConstantTime {
    /// Whether two byte sequences are equal; only their lengths can be learnt from the time it takes.
    public static func equal(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) { difference |= one ^ other }
        return difference == 0
    }
}
