// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values
import YAMLText

extension GoMap {
    /// Methods of Helm's named maps, the values and the files; other maps have none.
    func method(_ name: Bytes) -> Method? {
        // Methods start with a capital letter, values seldom do.
        guard let first = name.first, (0x41...0x5A).contains(first), case .map(_, let typeName?) = type else {
            return nil
        }
        if typeName == FilesMethods.typeName { return FilesMethods.method(name, of: self) }
        guard typeName == "common.Values" else { return nil }
        switch name.text {
        case "AsMap":
            return Method { _ in .map(self.sharing(type: .anyMap)) }
        case "YAML":
            return Method { _ in .string(GoValue.map(self).document?.yaml() ?? []) }
        case "Table":
            return Method([.string]) { values in
                guard let table = self.table(values.text(0)) else {
                    throw GoError("\(GoQuote.quote(values.text(0)).text) is not a table")
                }
                return .map(table.sharing(type: .valuesMap))
            }
        case "PathValue":
            return Method([.string]) { values in
                guard let value = self.value(atPath: values.text(0)) else {
                    throw GoError("\(GoQuote.quote(values.text(0)).text) is not a value")
                }
                return value
            }
        default: return nil
        }
    }

    /// The map below dotted names.
    func table(_ path: Bytes) -> GoMap? {
        var map = self
        for name in path.split(by: [UInt8(ascii: ".")]) {
            guard case .map(let inner)? = map[name] else { return nil }
            map = inner
        }
        return map
    }

    /// What stands below dotted names, unless it is a map itself.
    func value(atPath path: Bytes) -> GoValue? {
        var names = path.split(by: [UInt8(ascii: ".")])
        let last = names.removeLast()
        let holder = names.isEmpty ? self : table(names.joined(by: [UInt8(ascii: ".")]))
        guard let value = holder?[last] else { return nil }
        if case .map = value { return nil }
        return value
    }
}
