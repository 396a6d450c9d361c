// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The Adler-32 checksum of RFC 1950: an error check, not a digest.
public enum Adler32 {
    /// The checksum of some bytes.
    public static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var a: UInt32 = 1
        var b: UInt32 = 0
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }
}
