// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials
import Glibc

extension CocoaError {
    /// Why a file could not be used, in the system's words, as in `Permission denied`.
    public var reason: String {
        guard let cause = userInfo["NSUnderlyingError"] as? POSIXError else { return "error \(code.rawValue)" }
        return String(cString: strerror(cause.code.rawValue))
    }
}
