// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Crypto

/// Hosts that are reached without a proxy, by the rules that Go programs follow for `NO_PROXY`.
///
/// An entry is a name, which stands for itself and all names below it, a `.suffix` or `*.suffix` for those below alone, an IP
/// address, a network such as `10.0.0.0/8`, one of the first two with a `:port`, or `*` for every host. Names are never
/// looked up: a network exempts hosts that are given as addresses.
public struct ProxyExemptions: Sendable, Hashable {
    private var entries: [String] = []

    /// Reads a list, separated by commas or space.
    public init(_ list: String) { add(list) }

    /// Adds the entries of another list.
    public mutating func add(_ list: String) {
        entries += list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { $0.lowercased() }
    }

    /// Whether there is no entry.
    public var isEmpty: Bool { entries.isEmpty }

    /// Whether a host, a name or an address without brackets, is exempt.
    public func cover(host: String, port: Int) -> Bool {
        let host = host.lowercased()
        let address = IPAddress(host)
        return entries.contains { matches($0, host, address, port) }
    }

    private func matches(_ entry: String, _ host: String, _ address: IPAddress?, _ port: Int) -> Bool {
        if entry == "*" { return true }
        if let slash = entry.firstIndex(of: "/"), let address, let network = IPAddress(entry[..<slash]),
            let bits = Int(entry[entry.index(after: slash)...])
        {
            return Self.isInside(address, network, bits)
        }
        var name = entry
        // "host:port" is for that port alone; an IPv6 address has more than one colon.
        if let colon = entry.lastIndex(of: ":"), entry.firstIndex(of: ":") == colon {
            guard Int(entry[entry.index(after: colon)...]) == port else { return false }
            name = String(entry[..<colon])
        }
        if let address, let other = IPAddress(name) { return address == other }
        if name.hasPrefix("*.") { name.removeFirst() }
        if name.hasPrefix(".") { return host.hasSuffix(name) }
        return host == name || host.hasSuffix("." + name)
    }

    private static func isInside(_ address: IPAddress, _ network: IPAddress, _ bits: Int) -> Bool {
        guard address.bytes.count == network.bytes.count, (0...address.bytes.count * 8).contains(bits) else {
            return false
        }
        return (0..<bits).allSatisfy { bit in
            let mask = UInt8(128) >> UInt8(bit % 8)
            return address.bytes[bit / 8] & mask == network.bytes[bit / 8] & mask
        }
    }
}
