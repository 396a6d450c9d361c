// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// URLs in parts.
enum AddressFunctions {
    static let all: [Function] = [
        Function("urlParse", [.string]) { _, values in .map(try parse(values.text(0))) },
        Function("urlJoin", [.anyMap]) { _, values in .string(join(values.map(0))) },
    ]

    private static func parse(_ text: Bytes) throws -> GoMap {
        var rest = text
        var parts: [String: Bytes] = [:]
        func cut(at byte: UInt8) -> Bytes? {
            guard let place = rest.firstIndex(of: byte) else { return nil }
            let tail = Bytes(rest[(place + 1)...])
            rest = Bytes(rest[..<place])
            return tail
        }
        guard !text.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw GoError("unable to parse url: net/url: invalid control character in URL")
        }
        parts["fragment"] = cut(at: UInt8(ascii: "#"))
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")), isScheme(rest[..<colon]) {
            parts["scheme"] = Bytes(Bytes(rest[..<colon]).text.lowercased())
            rest = Bytes(rest[(colon + 1)...])
        }
        parts["query"] = cut(at: UInt8(ascii: "?"))
        if rest.hasPrefix(Bytes("//")) {
            let body = Bytes(rest.dropFirst(2))
            let slash = body.firstIndex(of: UInt8(ascii: "/")) ?? body.count
            var authority = Bytes(body[..<slash])
            rest = Bytes(body[slash...])
            if let sign = authority.lastIndex(of: UInt8(ascii: "@")) {
                parts["userinfo"] = Bytes(authority[..<sign])
                authority = Bytes(authority[(sign + 1)...])
            }
            parts["host"] = authority
            parts["hostname"] = hostname(authority)
            parts["path"] = unescaped(rest)
        } else if parts["scheme"] != nil, !rest.isEmpty, rest.first != UInt8(ascii: "/") {
            parts["opaque"] = rest
        } else {
            parts["path"] = unescaped(rest)
        }
        let names = ["scheme", "host", "hostname", "path", "query", "opaque", "fragment", "userinfo"]
        return GoMap(names.map { (Bytes($0), .string(parts[$0] ?? [])) })
    }

    private static func isScheme(_ text: Bytes.SubSequence) -> Bool {
        guard let first = text.first, Rune.isLetter(UInt32(first)) else { return false }
        return text.allSatisfy { Rune.isLetter(UInt32($0)) || Rune.isDigit(UInt32($0)) || Bytes("+-.").contains($0) }
    }

    private static func hostname(_ host: Bytes) -> Bytes {
        if host.first == UInt8(ascii: "["), let end = host.firstIndex(of: UInt8(ascii: "]")) {
            return Bytes(host[1..<end])
        }
        guard let colon = host.lastIndex(of: UInt8(ascii: ":")) else { return host }
        return Bytes(host[..<colon])
    }

    private static func unescaped(_ text: Bytes) -> Bytes {
        var result = Bytes()
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "%"), index + 2 < text.count,
                let value = UInt8(Bytes(text[(index + 1)...(index + 2)]).text, radix: 16)
            {
                result.append(value)
                index += 3
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    private static func join(_ parts: GoMap) -> Bytes {
        func part(_ name: String) -> Bytes {
            if case .string(let text)? = parts[Bytes(name)] { return text }
            return []
        }
        var result = part("scheme").isEmpty ? [] : part("scheme") + Bytes(":")
        if !part("opaque").isEmpty {
            result += part("opaque")
        } else {
            if !part("host").isEmpty || !part("userinfo").isEmpty {
                result += Bytes("//") + (part("userinfo").isEmpty ? [] : part("userinfo") + Bytes("@")) + part("host")
                if let first = part("path").first, first != UInt8(ascii: "/") { result.append(UInt8(ascii: "/")) }
            }
            result += part("path")
        }
        if !part("query").isEmpty { result += Bytes("?") + part("query") }
        if !part("fragment").isEmpty { result += Bytes("#") + part("fragment") }
        return result
    }
}
