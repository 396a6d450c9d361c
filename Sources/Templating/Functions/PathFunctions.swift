// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Go's `path` package.
enum PathFunctions {
    static let all: [Function] = ["", "os"].flatMap { prefix in
        [
            Function(name(prefix, "base"), [.string]) { _, values in .string(base(values.text(0))) },
            Function(name(prefix, "dir"), [.string]) { _, values in .string(directory(values.text(0))) },
            Function(name(prefix, "clean"), [.string]) { _, values in .string(clean(values.text(0))) },
            Function(name(prefix, "ext"), [.string]) { _, values in .string(fileExtension(values.text(0))) },
            Function(name(prefix, "isAbs"), [.string]) { _, values in .bool(values.text(0).first == slash) },
        ]
    }

    private static let slash = UInt8(ascii: "/")

    private static func name(_ prefix: String, _ name: String) -> String {
        prefix.isEmpty ? name : prefix + name.prefix(1).uppercased() + name.dropFirst()
    }

    static func base(_ path: Bytes) -> Bytes {
        if path.isEmpty { return Bytes(".") }
        var trimmed = path[...]
        while trimmed.last == slash { trimmed = trimmed.dropLast() }
        if trimmed.isEmpty { return [slash] }
        return Bytes(trimmed.suffix(from: trimmed.lastIndex(of: slash).map { $0 + 1 } ?? trimmed.startIndex))
    }

    private static func directory(_ path: Bytes) -> Bytes {
        guard let last = path.lastIndex(of: slash) else { return Bytes(".") }
        return clean(Bytes(path[...last]))
    }

    private static func fileExtension(_ path: Bytes) -> Bytes {
        for index in path.indices.reversed() {
            if path[index] == slash { break }
            if path[index] == UInt8(ascii: ".") { return Bytes(path[index...]) }
        }
        return []
    }

    static func clean(_ path: Bytes) -> Bytes {
        let isRooted = path.first == slash
        var parts: [Bytes] = []
        for part in path.split(by: [slash]) {
            switch part.text {
            case "", ".": continue
            case "..":
                if let last = parts.last, last != Bytes("..") {
                    parts.removeLast()
                } else if !isRooted {
                    parts.append(part)
                }
            default: parts.append(part)
            }
        }
        let joined = parts.joined(by: [slash])
        if isRooted { return [slash] + joined }
        return joined.isEmpty ? Bytes(".") : joined
    }
}
