// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

extension Value {
    /// The document with a merge patch (RFC 7386) laid over it: null removes a key, other values replace, objects merge.
    public func applyingMergePatch(_ patch: Value) -> Value {
        guard case .mapping(let changes) = patch else { return patch }
        var result = mapping ?? Mapping()
        for (key, change) in changes {
            if change.isNull {
                result.remove(key)
            } else {
                result[key] = (result[key] ?? .null).applyingMergePatch(change)
            }
        }
        return .mapping(result)
    }
}
