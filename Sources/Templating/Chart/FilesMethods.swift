// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values
import YAMLText

/// `.Files`: a map of contents by path with methods.
enum FilesMethods {
    static let typeName = "engine.files"
    static let type = GoType.map(.bytes, name: typeName)

    static func files(_ files: [ChartFile]) -> GoMap {
        GoMap(files.map { (Bytes($0.path), GoValue.bytes($0.bytes)) }, type: type)
    }

    static func method(_ name: Bytes, of files: GoMap) -> Method? {
        func contents(_ path: Bytes) -> Bytes {
            if case .bytes(let bytes)? = files[path] { return bytes }
            return []
        }
        switch name.text {
        case "Get": return Method([.string]) { .string(contents($0.text(0))) }
        case "GetBytes": return Method([.string]) { .bytes(contents($0.text(0))) }
        case "Glob": return Method([.string]) { .map(glob($0.text(0), in: files)) }
        case "Lines":
            return Method([.string]) { values in
                guard case .bytes(let bytes)? = files[values.text(0)] else { return .strings([]) }
                guard let last = bytes.last else {
                    throw GoError("runtime error: index out of range [-1]")
                }
                let text = last == 0x0A ? Bytes(bytes.dropLast()) : bytes
                return .strings(text.split(by: [0x0A]))
            }
        case "AsConfig": return Method { _ in .string(section(of: files) { .string($0) }) }
        case "AsSecrets": return Method { _ in .string(section(of: files) { .bytes($0) }) }
        default: return nil
        }
    }

    private static func glob(_ pattern: Bytes, in files: GoMap) -> GoMap {
        let glob = GlobPattern(pattern) ?? GlobPattern.everything
        let found = zip(files.keys, files.values).filter { glob.matches($0.0) }
        return GoMap(found.map { ($0.0, $0.1) }, type: type)
    }

    /// The files by their base names as YAML, texts or base64.
    private static func section(of files: GoMap, _ wrap: (Bytes) -> GoValue) -> Bytes {
        if files.isEmpty { return [] }
        let section = GoMap()
        for (path, value) in zip(files.keys, files.values) {
            guard case .bytes(let bytes) = value else { continue }
            section[PathFunctions.base(path)] = wrap(bytes)
        }
        guard var text = GoValue.map(section).document?.yaml() else { return [] }
        if text.last == 0x0A { text.removeLast() }
        return text
    }
}
