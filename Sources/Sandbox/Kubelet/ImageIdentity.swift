// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Identities and sizes of images, made up but always the same for one reference.
enum ImageIdentity {
    /// What a container's `imageID` says.
    static func of(_ image: String) -> String {
        let canonical = ImageReference(image)?.canonical ?? image
        let name = canonical.split(separator: "@")[0]
        let last = name.lastIndex(of: "/") ?? name.startIndex
        let path = name[last...].lastIndex(of: ":").map { name[..<$0] } ?? name
        return "\(path)@sha256:\(digest(canonical))"
    }

    /// The SHA-256 digest of a text, in hexadecimal.
    static func digest(_ text: String) -> String { Digest.sha256.hex(text) }

    /// A plausible size.
    static func size(_ image: String) -> Int { 20_000_000 + Int(StableHash.of(image) % 380_000_000) }
}
