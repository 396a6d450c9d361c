// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension Value {
    /// The value without entries of null at any depth (D13): what Go leaves out, Python writes as null.
    ///
    /// Elements of lists stay: their place means something. No deeper than what the JSON reader lets in.
    func droppingNulls() -> Value {
        switch self {
        case .mapping(let mapping):
            var kept = Mapping()
            for (key, value) in mapping where !value.isNull { kept[key] = value.droppingNulls() }
            return .mapping(kept)
        case .array(let elements): return .array(elements.map { $0.droppingNulls() })
        default: return self
        }
    }
}
