// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats

/// Texts that are about training alone: each check gives the rest of a sentence, or nil where there is nothing to say.
enum TrainingFormats {
    /// Why a text is not the URL of an HTTP proxy: a scheme, a host and a port, and nothing else.
    static func proxyFault(_ text: String) -> String? {
        if text.contains("@") { return "holds a login: put it into a Secret and name that in egress.proxySecret" }
        guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else {
            return text.contains("://")
                ? "is not a proxy that is known: its URL begins with http:// or https://"
                : "has no scheme: write http://host:port"
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
        if let bad = authority.first(where: { "/?#".contains($0) }) {
            return "must end after its port, without '\(bad)'"
        }
        return Addresses.hostPortFault(String(authority))
    }

    /// Why a text does not say what is reached without a proxy.
    static func noProxyFault(_ text: String) -> String? {
        if text.contains("://") { return "must not have a scheme" }
        if text.contains(",") { return "holds several: make each of them an item of the list" }
        if text.hasPrefix("*.") { return "is a pattern: write '\(text.dropFirst())', which means all below it" }
        let name = text.hasPrefix(".") ? String(text.dropFirst()) : text
        return Addresses.isRange(text) || Addresses.isHost(name) && (name == text || !Addresses.isAddress(name))
            ? nil : "is not a host name, a .domain, an address or a range"
    }

    /// Why a text is not the only way to write an absolute path.
    static func cleanPathFault(_ text: String) -> String? {
        guard text.hasPrefix("/") else { return "is not an absolute path" }
        guard text != "/" else { return "is the whole node" }
        if text.contains(":") || text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            return "has a character that no mount takes"
        }
        if text.hasSuffix("/") { return "ends with '/': leave it out" }
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard let bad = parts.first(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else { return nil }
        return bad.isEmpty ? "has two '/' in a row" : "has a part '\(bad)': write the path without it"
    }
}
