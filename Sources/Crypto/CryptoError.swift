// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Why a cryptographic operation could not be done.
public struct CryptoError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, lower case, without a full stop; never contains key material.
    public let message: String

    /// Makes an error with a text for people.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }

    /// The error of the last failed OpenSSL call on this thread, told as what we were doing.
    static func openSSL(_ action: String) -> CryptoError {
        var reason = ""
        // The oldest entry is the cause; those after it are its consequences.
        let code = ERR_get_error()
        if code != 0, let text = ERR_reason_error_string(code) { reason = ": " + String(cString: text) }
        ERR_clear_error()
        return CryptoError(action + reason)
    }
}
