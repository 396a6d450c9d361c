// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The types of the built-in kinds, read from the generated table on demand.
///
/// A line of the table is the name of a type and its fields, separated by blanks. A name ends with `^` when the type is
/// atomic and starts with its version and a point when that is not v1. A field is `NUMBERS:name:TYPE` with, after the type:
/// `*` or `=` (see `FieldSchema.Presence`), `!` required, `^` atomic map, `@` set, `@a,b` map with those keys, `%key` merged
/// by strategic merge (`%%` with retained keys, `%-` retained keys alone, `%=` replaced), `$text` the default of a key.
/// A type is a line number, or a letter with an optional Go type name: `s` string, `i` int32, `l` int64, `d` double, `o` bool,
/// `q` quantity, `x` int-or-string, `t` time, `u` micro-time, `y` bytes, `r` raw object, `v` managed fields, `j` any JSON;
/// `[` and `{` (with `Name|` where the Go type has one) begin a list and a map.
public enum BuiltInTypes {
    /// A kind of the API.
    struct Kind: Hashable {
        let apiVersion: String
        let kind: String

        /// A custom kind, which no rule of a built-in one fits.
        static let custom = Kind(apiVersion: "", kind: "")
    }

    /// The schema of a built-in kind; nil for kinds that the sandbox does not know.
    public static func schema(apiVersion: String, kind: String) -> TypeSchema? {
        numbers[Kind(apiVersion: apiVersion, kind: kind)].map { TypeSchema(builtIn: $0) }
    }

    /// The type on a line of the table.
    static func object(_ number: Int) -> ObjectSchema {
        if let known = read.withLock({ $0[number] }) { return known }
        // Two readers may parse the same line at once: the results are equal.
        let type = parse(number)
        read.withLock { $0[number] = type }
        return type
    }

    private static let read = Mutex<[Int: ObjectSchema]>([:])

    private static let numbers: [Kind: Int] = {
        var numbers: [Kind: Int] = [:]
        for line in kinds.description.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let number = Int(words[2]) else { continue }
            numbers[Kind(apiVersion: String(words[0]), kind: String(words[1]))] = number
        }
        return numbers
    }()

    /// Where each line of the table starts, and where the last one ends.
    private static let lineStarts: [Int] = table.withUTF8Buffer { bytes in
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
        starts.append(bytes.count + 1)
        return starts
    }

    private static func parse(_ number: Int) -> ObjectSchema {
        guard lineStarts.indices.contains(number + 1) else { return ObjectSchema() }
        let range = lineStarts[number]..<lineStarts[number + 1] - 1
        let line = table.withUTF8Buffer { Array($0[range]) }
        let words = line.split(separator: UInt8(ascii: " "))
        guard let head = words.first else { return ObjectSchema() }
        var name = String(decoding: head, as: UTF8.self)
        let isAtomic = name.hasSuffix("^")
        if isAtomic { name.removeLast() }
        let parts = name.split(separator: ".")
        var fields: [String: FieldSchema] = [:]
        fields.reserveCapacity(words.count - 1)
        for word in words.dropFirst() {
            var reader = BuiltInFieldReader(word)
            let (fieldName, field) = reader.field()
            fields[fieldName] = field
        }
        return ObjectSchema(
            name: parts.last.map(String.init) ?? name, version: parts.count > 1 ? String(parts[0]) : "v1",
            fields: fields,
            isAtomic: isAtomic)
    }
}
