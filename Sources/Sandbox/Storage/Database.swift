// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// The SQLite file that makes the store survive a restart: one connection, in WAL mode.
final class Database {
    private let connection: OpaquePointer
    private let put: OpaquePointer
    private let remove: OpaquePointer
    private let setRevision: OpaquePointer

    private static let layout = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS objects (
            apigroup TEXT NOT NULL, plural TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
            revision INTEGER NOT NULL, json BLOB NOT NULL,
            PRIMARY KEY (apigroup, plural, namespace, name)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS revision (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL);
        """

    /// Opens or makes a database file that only its owner can read.
    init(path: String) throws(StoreError) {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let opened = sqlite3_open_v2(path, &handle, flags, nil)
        guard let connection = handle else { throw .database("out of memory") }
        let statements = [
            "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?)",
            "DELETE FROM objects WHERE apigroup = ? AND plural = ? AND namespace = ? AND name = ?",
            "INSERT OR REPLACE INTO revision VALUES (1, ?)",
        ]
        var prepared: [OpaquePointer] = []
        if opened == SQLITE_OK, sqlite3_exec(connection, Self.layout, nil, nil, nil) == SQLITE_OK {
            for text in statements {
                var statement: OpaquePointer?
                guard
                    sqlite3_prepare_v3(connection, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
                        == SQLITE_OK, let statement
                else { break }
                prepared.append(statement)
            }
        }
        guard prepared.count == statements.count else {
            let reason = String(cString: sqlite3_errmsg(connection))
            for statement in prepared { sqlite3_finalize(statement) }
            sqlite3_close_v2(connection)
            throw .database("cannot open \(path): \(reason)")
        }
        self.connection = connection
        put = prepared[0]
        remove = prepared[1]
        setRevision = prepared[2]
    }

    deinit {
        sqlite3_finalize(put)
        sqlite3_finalize(remove)
        sqlite3_finalize(setRevision)
        sqlite3_close_v2(connection)
    }

    /// All objects, and the last revision that was given.
    func load() throws(StoreError) -> (objects: [StoredObject], revision: Int64) {
        var objects: [StoredObject] = []
        var revision: Int64 = 0
        let select = try prepare("SELECT apigroup, plural, namespace, name, revision, json FROM objects")
        defer { sqlite3_finalize(select) }
        while sqlite3_step(select) == SQLITE_ROW {
            let resource = GroupResource(Self.text(select, 1), group: Self.text(select, 0))
            let key = ObjectKey(resource, namespace: Self.text(select, 2), name: Self.text(select, 3))
            let count = Int(sqlite3_column_bytes(select, 5))
            let json = Array(UnsafeRawBufferPointer(start: sqlite3_column_blob(select, 5), count: count))
            do {
                objects.append(try StoredObject(key: key, revision: sqlite3_column_int64(select, 4), json: json))
            } catch { throw .database("the stored \(resource) \(key.name) is damaged: \(error)") }
            revision = max(revision, sqlite3_column_int64(select, 4))
        }
        let selectRevision = try prepare("SELECT value FROM revision")
        defer { sqlite3_finalize(selectRevision) }
        if sqlite3_step(selectRevision) == SQLITE_ROW {
            revision = max(revision, sqlite3_column_int64(selectRevision, 0))
        }
        return (objects, revision)
    }

    /// Writes one change and its revision, both or none.
    func write(_ event: StoreEvent) throws(StoreError) {
        try transaction { () throws(StoreError) in
            if event.kind == .deleted {
                Self.bind(remove, event.object.key)
                try step(remove)
            } else {
                try store(event.object)
            }
            try keep(revision: event.object.revision)
        }
    }

    /// Puts other objects and another revision in the place of all that there is.
    func replace(with objects: [StoredObject], revision: Int64) throws(StoreError) {
        try transaction { () throws(StoreError) in
            try run("DELETE FROM objects")
            for object in objects { try store(object) }
            try keep(revision: revision)
        }
    }

    private func transaction(_ body: () throws(StoreError) -> Void) throws(StoreError) {
        try run("BEGIN")
        do {
            try body()
            try run("COMMIT")
        } catch {
            sqlite3_exec(connection, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    private func store(_ object: StoredObject) throws(StoreError) {
        Self.bind(put, object.key)
        sqlite3_bind_int64(put, 5, object.revision)
        object.json.withUnsafeBytes { bytes in
            _ = sqlite3_bind_blob64(put, 6, bytes.baseAddress, UInt64(bytes.count), Self.transient)
        }
        try step(put)
    }

    private func keep(revision: Int64) throws(StoreError) {
        sqlite3_bind_int64(setRevision, 1, revision)
        try step(setRevision)
    }

    private static var transient: sqlite3_destructor_type {
        // SQLITE_TRANSIENT: SQLite copies the bytes.
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    private static func bind(_ statement: OpaquePointer, _ key: ObjectKey) {
        for (index, text) in [key.resource.group, key.resource.plural, key.namespace, key.name].enumerated() {
            sqlite3_bind_text(statement, Int32(index + 1), text, -1, transient)
        }
    }

    private static func text(_ statement: OpaquePointer, _ column: Int32) -> String {
        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
    }

    private func prepare(_ text: String) throws(StoreError) -> OpaquePointer {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(connection, text, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw failure
        }
        return statement
    }

    private func step(_ statement: OpaquePointer) throws(StoreError) {
        let result = sqlite3_step(statement)
        let error = failure
        sqlite3_reset(statement)
        guard result == SQLITE_DONE else { throw error }
    }

    private func run(_ text: String) throws(StoreError) {
        guard sqlite3_exec(connection, text, nil, nil, nil) == SQLITE_OK else { throw failure }
    }

    private var failure: StoreError { .database(String(cString: sqlite3_errmsg(connection))) }
}
