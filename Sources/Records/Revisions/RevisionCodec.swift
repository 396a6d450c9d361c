// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Crypto
import Values

/// A revision as the data of its Secrets: a readable header and the compressed manifests, cut into chunks.
struct RevisionCodec: Sendable {
    /// The most bytes of compressed manifests in one Secret: with the header it stays below the 1 MiB of a Secret.
    var chunkSize = 900 * 1024
    /// The most Secrets of one revision.
    var chunkLimit = 8
    /// The most bytes that manifests may expand to.
    var expandedLimit = 64 * 1024 * 1024

    /// The data of the Secrets of a revision, the one with the header first.
    func encode(_ revision: Revision) throws(RecordError) -> [[String: [UInt8]]] {
        let record = RecordStore.revisionKey(revision.deployment, revision.number, namespace: revision.namespace)
        let compressed: [UInt8]
        do {
            compressed = try Gzip.compress(revision.payload.json())
        } catch {
            throw .unreadable(record, problem: error.message)
        }
        let chunks = stride(from: 0, to: max(compressed.count, 1), by: chunkSize).map {
            Array(compressed[$0..<min($0 + chunkSize, compressed.count)])
        }
        guard chunks.count <= chunkLimit else {
            throw .tooLarge(record, bytes: compressed.count, largest: largest(revision.manifests))
        }
        var header = revision.header
        header["chunks"] = .int(Int64(chunks.count))
        header["digest"] = .string(Digest.sha256.hex(compressed))
        var secrets: [[String: [UInt8]]] = chunks.map { ["manifests": $0] }
        secrets[0]["revision"] = Value.mapping(header).json()
        return secrets
    }

    private func largest(_ manifests: [Revision.Manifest]) -> [(object: String, bytes: Int)] {
        Array(
            manifests.map { (object: $0.object.key.description, bytes: $0.object.value.json().count) }
                .sorted { $0.bytes > $1.bytes }.prefix(10))
    }

    /// How many chunks the header announces.
    func chunkCount(_ header: [String: [UInt8]], at record: ObjectKey) throws(RecordError) -> Int {
        let fields = try self.header(header, at: record)
        do {
            let count = try fields.int("chunks")
            guard (1...chunkLimit).contains(count) else {
                throw FieldReader.Problem(message: "it claims to have \(count) chunks")
            }
            return count
        } catch {
            throw .unreadable(record, problem: (error as? FieldReader.Problem)?.message ?? "\(error)")
        }
    }

    /// Reads a revision from the data of its Secrets, in order.
    func decode(_ secrets: [[String: [UInt8]]], at record: ObjectKey) throws(RecordError) -> Revision {
        let fields = try header(secrets.first ?? [:], at: record)
        var compressed: [UInt8] = []
        for secret in secrets { compressed += secret["manifests"] ?? [] }
        do throws(FieldReader.Problem) {
            guard Digest.sha256.hex(compressed) == (try fields.string("digest")) else {
                throw FieldReader.Problem(message: "its manifests do not have the recorded digest")
            }
            return try Revision(header: fields, payload: try expand(compressed))
        } catch {
            throw .unreadable(record, problem: error.message)
        }
    }

    private func expand(_ compressed: [UInt8]) throws(FieldReader.Problem) -> Value {
        do {
            return try Value(json: try Gzip.expand(compressed, limit: expandedLimit))
        } catch let error as Gzip.Failure {
            throw FieldReader.Problem(message: error.message)
        } catch {
            throw FieldReader.Problem(message: "its manifests are no JSON: \(error)")
        }
    }

    private func header(_ secret: [String: [UInt8]], at record: ObjectKey) throws(RecordError) -> FieldReader {
        guard let text = secret["revision"] else { throw .unreadable(record, problem: "it has no header") }
        do {
            let json = try Value(json: text)
            return try Schema.read(json, at: record, supported: Revision.schemaVersion)
        } catch let error as RecordError {
            throw error
        } catch {
            throw .unreadable(record, problem: "its header is no JSON: \(error)")
        }
    }
}
