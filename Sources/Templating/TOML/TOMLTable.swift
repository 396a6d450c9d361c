// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A table while it is being read: what may be added to it depends on how it came to be.
final class TOMLTable {
    enum Origin {
        /// Named on the way to a table in brackets, which may still get brackets of its own.
        case implicit
        /// Named in brackets.
        case header
        /// Made by a key with dots, which alone may add to it.
        case dotted
        /// Written between braces: complete.
        case inline
    }

    enum Entry {
        case value(GoValue)
        case table(TOMLTable)
        case tables([TOMLTable])
    }

    /// A key that is in use already.
    struct Conflict: Error {
        let message: String
        /// How many parts of the path lead to the key.
        let depth: Int

        init(_ path: some Collection<Bytes>, _ problem: String) {
            depth = path.count
            message = "Key '\(TOMLTable.text(of: path).text)' \(problem)"
        }
    }

    private var origin: Origin
    private var entries: [ByteKey: Entry] = [:]

    init(_ origin: Origin) {
        self.origin = origin
    }

    /// The table that `[path]` opens, or that `[[path]]` adds.
    func open(_ path: [Bytes], addsToArray: Bool) throws(Conflict) -> TOMLTable {
        var table = self
        for (index, name) in path.dropLast().enumerated() { table = try table.enter(name, path.prefix(index + 1)) }
        let key = ByteKey(path[path.count - 1])
        switch (table.entries[key], addsToArray) {
        case (nil, _), (.tables, true):
            let added = TOMLTable(.header)
            if case .tables(let others)? = table.entries[key] {
                table.entries[key] = .tables(others + [added])
            } else {
                table.entries[key] = addsToArray ? .tables([added]) : .table(added)
            }
            return added
        case (.table(let found), false) where found.origin == .implicit:
            found.origin = .header
            return found
        case (_, true): throw Conflict(path, "was already created and cannot be used as an array.")
        case (_, false): throw Conflict(path, "has already been defined.")
        }
    }

    private func enter(_ name: Bytes, _ path: ArraySlice<Bytes>) throws(Conflict) -> TOMLTable {
        switch entries[ByteKey(name)] {
        case nil:
            let added = TOMLTable(.implicit)
            entries[ByteKey(name)] = .table(added)
            return added
        case .table(let table) where table.origin != .inline: return table
        case .tables(let tables): return tables[tables.count - 1]
        case .table: throw Conflict(path, "has already been defined.")
        case .value: throw Conflict(path, "was already created as a hash.")
        }
    }

    /// Sets what a key stands for, which may have dots; `context` is where the table is, for messages.
    func set(_ path: [Bytes], to entry: Entry, context: [Bytes]) throws(Conflict) {
        var table = self
        for (index, name) in path.dropLast().enumerated() {
            switch table.entries[ByteKey(name)] {
            case nil:
                let added = TOMLTable(.dotted)
                table.entries[ByteKey(name)] = .table(added)
                table = added
            case .table(let found) where found.origin == .dotted: table = found
            default: throw Conflict(context + path.prefix(index + 1), "has already been defined.")
            }
        }
        let key = ByteKey(path[path.count - 1])
        guard table.entries[key] == nil else { throw Conflict(context + path, "has already been defined.") }
        table.entries[key] = entry
    }

    /// What templates see.
    var map: GoMap {
        GoMap(
            entries.map { key, entry in
                switch entry {
                case .value(let value): (key.bytes, value)
                case .table(let table): (key.bytes, .map(table.map))
                case .tables(let tables):
                    (key.bytes, .list(GoList(tables.map { .map($0.map) }, element: .anyMap)))
                }
            })
    }

    /// A key as people write it: quoted where it must be.
    static func text(of path: some Sequence<Bytes>) -> Bytes {
        path.map(TOMLWriter.key).joined(by: Bytes("."))
    }
}
