// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Hosts, addresses and ranges.
public enum Addresses {
    /// Whether a text is a host name or an IP address.
    public static func isHost(_ text: String) -> Bool {
        isAddress(text) || Names.dnsSubdomainFault(text.lowercased()) == nil && !looksNumeric(text)
    }

    /// Why a text is not `host:port`; IPv6 addresses stand in brackets.
    public static func hostPortFault(_ text: String) -> String? {
        if text.contains("://") { return "must be host:port, without a scheme" }
        guard let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") else {
            return "has no port: write host:port"
        }
        let host = text[..<colon]
        guard let port = Int(text[text.index(after: colon)...]), 1...65535 ~= port else {
            return "has no port from 1 to 65535 after the ':'"
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            return isIPv6(host.dropFirst().dropLast()) ? nil : "has no IPv6 address in its brackets"
        }
        return isHost(String(host)) && !host.contains(":") ? nil : "has no host name or IP address before the ':'"
    }

    /// Whether a text is an IPv4 or IPv6 address.
    public static func isAddress(_ text: String) -> Bool { isIPv4(text[...]) || isIPv6(text[...]) }

    /// Whether a text is an address range such as `192.0.2.0/24`.
    public static func isRange(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = Int(parts[1]), length >= 0, !parts[1].hasPrefix("+") else { return false }
        return isIPv4(parts[0]) && length <= 32 || isIPv6(parts[0]) && length <= 128
    }

    /// `10.0` or `1.2.3.4.5` is a mistyped address, not a host name.
    private static func looksNumeric(_ text: String) -> Bool {
        text.utf8.allSatisfy { Names.isDigit($0) || $0 == UInt8(ascii: ".") }
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                part.utf8.allSatisfy(Names.isDigit) && 1...3 ~= part.utf8.count && (Int(part) ?? 256) <= 255
                    && (part == "0" || !part.hasPrefix("0"))
            }
    }

    private static func isIPv6(_ text: Substring) -> Bool {
        var groups = text.split(separator: ":", omittingEmptySubsequences: false)
        guard groups.count >= 3, groups.count <= 9 else { return false }
        var count = groups.count
        if let last = groups.last, last.contains(".") {
            guard isIPv4(last) else { return false }
            groups.removeLast()
            count += 1
        }
        let pieces = text.split(separator: "::", omittingEmptySubsequences: false)
        if text.hasPrefix(":") && !text.hasPrefix("::") || text.hasSuffix(":") && !text.hasSuffix("::") { return false }
        guard pieces.count <= 2, !text.contains(":::") else { return false }
        let written = groups.filter { !$0.isEmpty }
        guard written.allSatisfy({ $0.utf8.count <= 4 && UInt16($0, radix: 16) != nil && !$0.hasPrefix("+") }) else {
            return false
        }
        let total = written.count + (count > groups.count ? 2 : 0)
        return pieces.count == 2 ? total <= 7 : total == 8
    }
}
