// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a text is no TOML, in the words of Go's BurntSushi decoder.
struct TOMLError: Error {
    let line: Int
    /// The key that was read last, with those around it; empty before the first.
    let lastKey: Bytes
    let message: String

    var text: String {
        let key = lastKey.isEmpty ? "" : " (last key \(GoQuote.quote(lastKey).text))"
        return "toml: line \(line)\(key): \(message)"
    }
}
