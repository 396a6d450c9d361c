// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// An image reference in its parts, as container runtimes read it (distribution/reference).
public struct ImageName: Sendable, Hashable {
    /// `ghcr.io`, `localhost:5000`; `docker.io` where none is written.
    public var host: String
    /// `library/mysql`, `iflytek/iflearner-flow-server`.
    public var path: String
    /// `v0.2.0`, without the `:`.
    public var tag: String?
    /// `sha256:...`, without the `@`.
    public var digest: String?

    /// The reference written out in full.
    public var reference: String { host + "/" + path + suffix }

    /// Tag and digest as they follow the name.
    public var suffix: String { (tag.map { ":" + $0 } ?? "") + (digest.map { "@" + $0 } ?? "") }

    /// The parts, or nil when the text is no image reference.
    public init?(_ text: String) {
        guard Self.fault(text) == nil else { return nil }
        var rest = text[...]
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        }
        let lastPart = rest.lastIndex(of: "/").map { rest.index(after: $0) } ?? rest.startIndex
        if let colon = rest[lastPart...].firstIndex(of: ":") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        }
        let first = rest.prefix { $0 != "/" }
        let hasHost = first.count < rest.count && (first.contains(".") || first.contains(":") || first == "localhost")
        // Runtimes take Docker Hub's old name for its new one, and DNS knows no capitals.
        let written = first.lowercased()
        host = hasHost && written != "index.docker.io" ? written : "docker.io"
        path = hasHost ? String(rest.dropFirst(first.count + 1)) : String(rest)
        if host == "docker.io", !path.contains("/") { path = "library/" + path }
    }

    /// Why a text is no image reference; the rest of a sentence.
    public static func fault(_ text: String) -> String? {
        if text.contains("://") { return "is not an image reference: it must not have a scheme" }
        if text.utf8.contains(where: { UInt8(ascii: " ") >= $0 }) {
            return "is not an image reference: it holds a blank"
        }
        // Lowering the case of a host must not make an ASCII letter of another one.
        if text.utf8.contains(where: { $0 >= 0x80 }) {
            return "is not an image reference: it holds a character that is not ASCII"
        }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        if parts.count > 2 { return "is not an image reference: it has two '@'" }
        if parts.count == 2, !isDigest(parts[1]) { return "has a digest that is not sha256: and 64 hexadecimal digits" }
        guard var rest = parts.first, !rest.isEmpty else { return "is not an image reference" }
        let lastPart = rest.lastIndex(of: "/").map { rest.index(after: $0) } ?? rest.startIndex
        if let colon = rest[lastPart...].firstIndex(of: ":") {
            guard isTag(String(rest[rest.index(after: colon)...])) else { return "has a bad tag after its last ':'" }
            rest = rest[..<colon]
        }
        var components = rest.split(separator: "/", omittingEmptySubsequences: false)
        if components.count > 1, let first = components.first,
            first.contains(".") || first.contains(":") || first == "localhost"
        {
            guard isHost(first) else { return "has a bad registry host '\(first)'" }
            components.removeFirst()
        }
        if let bad = components.first(where: { !isPathComponent($0) }) {
            let why = bad.isEmpty ? "an empty part between two '/'" : "the part '\(bad)'"
            let capital = bad.contains(where: \.isUppercase) ? ": capital letters are not allowed" : ""
            return "is not an image reference because of \(why)\(capital)"
        }
        return nil
    }

    /// Why a text cannot stand in front of image names: it is `host[:port][/path]`.
    public static func registryFault(_ text: String) -> String? {
        if text.contains("://") { return "must not have a scheme: write host/path" }
        // KubeFATE joins without a slash, so that people write one: joining puts exactly one there.
        let name = text.hasSuffix("/") ? text.dropLast() : text[...]
        let components = name.split(separator: "/", omittingEmptySubsequences: false)
        guard let host = components.first, isHost(host) else { return "does not start with a registry host" }
        guard components.dropFirst().allSatisfy(isPathComponent) else { return "has a bad path after its host" }
        return nil
    }

    /// Whether a text can be the tag of an image.
    public static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
        func isWord(_ byte: UInt8) -> Bool { Names.isLetter(byte) || Names.isDigit(byte) || byte == UInt8(ascii: "_") }
        return isWord(first)
            && text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    static func isHost(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.first, Addresses.isHost(String(name)) else { return false }
        return parts.count == 1
            || parts[1].utf8.allSatisfy(Names.isDigit) && (Int(parts[1]).map { 1...65535 ~= $0 } ?? false)
    }

    /// Lowercase words with `.`, `_`, `__` or dashes between them.
    static func isPathComponent(_ text: Substring) -> Bool {
        var isAfterWord = false
        var separators: [UInt8] = []
        for byte in text.utf8 {
            if Names.isLowercase(byte) || Names.isDigit(byte) {
                guard isSeparator(separators) else { return false }
                separators = []
                isAfterWord = true
            } else {
                guard isAfterWord else { return false }
                separators.append(byte)
            }
        }
        return isAfterWord && separators.isEmpty
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || bytes == [UInt8(ascii: ".")] || bytes == [UInt8(ascii: "_")]
            || bytes == [UInt8(ascii: "_"), UInt8(ascii: "_")] || bytes.allSatisfy { $0 == UInt8(ascii: "-") }
    }

    private static func isDigest(_ text: Substring) -> Bool {
        text.hasPrefix("sha256:") && text.utf8.count == 71
            && text.dropFirst(7).utf8.allSatisfy { Names.isDigit($0) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 }
    }
}
