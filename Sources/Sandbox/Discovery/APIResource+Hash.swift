// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

extension APIResource {
    /// What tells clients that the stored version has changed: the hash of group, version and kind.
    var storageVersionHash: String {
        Base64.encode(Digest.sha256.digest("\(group)/\(version)/\(kind)".utf8).prefix(8))
    }
}
