// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
public import ClusterAPI
public import Values

/// Digests of documents, the same for the same content whatever the order of its keys.
public enum ContentHash {
    /// The SHA-256 of a document's canonical JSON, in hexadecimal.
    public static func of(_ value: Value) -> String { Digest.sha256.hex(value.json(.canonical)) }

    /// The spec hash of a rendered object: 32 hexadecimal digits that change whenever anything rendered changes.
    ///
    /// The labels and annotations that the rollout adds are not part of it.
    public static func spec(_ object: KubernetesObject) -> String { String(of(object.value).prefix(32)) }

    /// The SHA-256 of a text in hexadecimal.
    public static func of(_ text: String) -> String { Digest.sha256.hex(text) }
}
