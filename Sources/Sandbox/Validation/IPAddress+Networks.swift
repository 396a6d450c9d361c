// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

extension IPAddress {
    /// Whether it is of the sixth version.
    var isVersion6: Bool { bytes.count == 16 }

    /// Whether a text is an address and the length of its network: `10.0.0.0/8`.
    static func isNetwork(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]) else { return false }
        return (0...(address.isVersion6 ? 128 : 32)).contains(length)
    }
}
