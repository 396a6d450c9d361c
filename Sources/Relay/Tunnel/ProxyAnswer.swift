// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CCurl

/// What a proxy answers to CONNECT, as libcurl hands it over line by line.
///
/// Only the thread of its connection touches it.
final class ProxyAnswer {
    /// The last status line without its version, as in `403 Forbidden`; empty for none.
    private(set) var status = ""
    /// The kinds of login that the last answer offers, as in `Basic`.
    private(set) var logins: [String] = []

    /// Lets libcurl fill the answer, which must live as long as the handle is used.
    func listen(to handle: UnsafeMutableRawPointer) {
        _ = ccurl_set_header_callback(handle, takeLine, Unmanaged.passUnretained(self).toOpaque())
    }

    fileprivate func take(_ line: String) {
        if line.hasPrefix("HTTP/") {
            // A new answer: libcurl tries again when it knows what kind of login is wanted.
            logins = []
            let words = line.split(separator: " ", maxSplits: 1).dropFirst().first ?? ""
            status = Self.printable(words, atMost: 80)
        } else if let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "proxy-authenticate" {
            let words = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace)
            if let name = words.first { logins.append(Self.printable(name, atMost: 20)) }
        }
    }

    private static func printable(_ text: Substring, atMost count: Int) -> String {
        String(decoding: text.utf8.filter { (0x20..<0x7F).contains($0) }.prefix(count), as: UTF8.self)
    }
}

private func takeLine(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context, let bytes else { return 0 }
    let answer = Unmanaged<ProxyAnswer>.fromOpaque(context).takeUnretainedValue()
    answer.take(String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self))
    return size * count
}
