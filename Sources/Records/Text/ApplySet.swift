// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The ApplySet of a deployment: the standard by which other tools see what belongs together.
public enum ApplySet {
    /// The id of the set whose parent is the state Secret of a deployment.
    public static func id(deployment: String, namespace: String) -> String {
        let name = "\(RecordNames.state(deployment)).\(namespace).Secret."
        return "applyset-\(Base64.encodeURLSafe(Digest.sha256.digest(name.utf8)))-v1"
    }
}
