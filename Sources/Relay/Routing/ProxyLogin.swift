// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Processes

/// A user and a password for the proxy, which are never printed.
struct ProxyLogin: Sendable {
    let username: [UInt8]
    let password: [UInt8]

    /// Reads the files `username` and `password` of a folder, as a mounted Secret has them.
    ///
    /// Line ends after the text do not count, as editors and `echo` leave them.
    init(folder: String) throws(ProxyLoginError) {
        username = try Self.read("username", folder)
        password = try Self.read("password", folder)
        // The login is "user:password": a colon in the first part would move the border (RFC 7617).
        guard !username.contains(UInt8(ascii: ":")) else {
            throw ProxyLoginError(message: "the file \(folder)/username holds a colon, which no proxy login may")
        }
    }

    private static func read(_ name: String, _ folder: String) throws(ProxyLoginError) -> [UInt8] {
        let path = "\(folder)/\(name)"
        var bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, limit: 16 << 10)
        } catch {
            throw ProxyLoginError(message: "the proxy's login is not there: \(error)")
        }
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw ProxyLoginError(message: "the file \(path) is empty") }
        guard !bytes.contains(0) else { throw ProxyLoginError(message: "the file \(path) holds a NUL byte") }
        return bytes
    }
}

/// Why there is no login for the proxy; names files, never what is in them.
struct ProxyLoginError: Error, Sendable, Hashable {
    let message: String
    let hint = "the folder is a mounted Secret with the keys username and password"
}
