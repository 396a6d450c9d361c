// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Values

/// Why a record could not be read or written; the API server's own refusals stay `APIError`s.
public enum RecordError: Error, Sendable {
    /// The record is damaged: the problem says where.
    case unreadable(ObjectKey, problem: String)
    /// The record was written by a newer version of the tool.
    case newerSchema(ObjectKey, found: Int, supported: Int)
    /// The record does not fit into Secrets: the largest objects with their sizes in bytes.
    case tooLarge(ObjectKey, bytes: Int, largest: [(object: String, bytes: Int)])
    /// The API server refuses to store the record.
    case notWritable(ObjectKey, APIError)
    /// Another writer changed the record meanwhile; `by` is its write mark.
    case rival(ObjectKey, by: String?)
}

extension RecordError: CustomStringConvertible {
    /// One sentence that names the record.
    public var description: String {
        switch self {
        case .unreadable(let record, let problem): "record \(record.longDescription) is unreadable: \(problem)"
        case .newerSchema(let record, let found, let supported):
            "record \(record.longDescription) has schema \(found), this version reads up to \(supported): use a newer iflearnerctl"
        case .tooLarge(let record, let bytes, let largest):
            "record \(record.longDescription) would need \(bytes) bytes, more than Secrets may hold; the largest objects: "
                + largest.map { "\($0.object) (\($0.bytes) bytes)" }.joined(separator: ", ")
        case .notWritable(let record, let refusal):
            "record \(record.longDescription) cannot be written: \(refusal.message)"
        case .rival(let record, let by):
            "record \(record.longDescription) was changed by somebody else" + (by.map { " (\($0))" } ?? "")
        }
    }
}

/// The version field that every record has.
enum Schema {
    /// A reader of the record's fields, once its version is known to be readable.
    static func read(_ json: Value, at record: ObjectKey, supported: Int) throws(RecordError) -> FieldReader {
        do {
            let fields = try FieldReader(json)
            let found = try fields.int("schema")
            guard found <= supported else { throw RecordError.newerSchema(record, found: found, supported: supported) }
            return fields
        } catch let error as RecordError {
            throw error
        } catch let error as FieldReader.Problem {
            throw .unreadable(record, problem: error.message)
        } catch {
            throw .unreadable(record, problem: "\(error)")
        }
    }
}
