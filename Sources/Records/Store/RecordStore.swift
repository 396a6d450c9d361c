// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Values

/// Reads and writes the records of one deployment.
///
/// Every write is optimistic and carries a `WriteMark`: a collision with another writer is `RecordError.rival`, a
/// lost answer to our own write is a success. The API server's refusals are thrown as `APIError`.
public struct RecordStore: Sendable {
    /// The client, which decides about retries.
    public var client: ClusterClient
    /// The namespace of the records.
    public let namespace: String
    /// The deployment's name.
    public let deployment: String

    /// Opens the records of a deployment; nothing is read yet.
    public init(client: ClusterClient, namespace: String, deployment: String) {
        self.client = client
        self.namespace = namespace
        self.deployment = deployment
    }

    static func stateKey(_ deployment: String, namespace: String) -> ObjectKey {
        ObjectKey(.secret, namespace: namespace, name: RecordNames.state(deployment))
    }

    static func revisionKey(_ deployment: String, _ number: Int, chunk: Int = 0, namespace: String) -> ObjectKey {
        ObjectKey(.secret, namespace: namespace, name: RecordNames.revision(deployment, number, chunk: chunk))
    }

    static func jobKey(_ deployment: String, _ id: String, namespace: String) -> ObjectKey {
        ObjectKey(.secret, namespace: namespace, name: RecordNames.job(deployment, id))
    }

    func labels(_ record: String, _ more: [String: String] = [:]) -> [String: String] {
        [
            RecordKeys.managedBy: RecordKeys.manager, RecordKeys.deployment: deployment, RecordKeys.record: record,
        ].merging(more) { $1 }
    }

    /// Makes a record's Secret.
    func create(_ secret: RecordSecret, mark: WriteMark) async throws -> KubernetesObject {
        do {
            return try await client.create(secret.object(mark: mark)).object
        } catch let error as APIError where error.reason == .alreadyExists {
            let live = try await client.get(secret.key)
            guard live.annotations[RecordKeys.write] == mark.description else {
                throw RecordError.rival(secret.key, by: live.annotations[RecordKeys.write])
            }
            return live
        } catch let error as APIError where Self.isRefusal(error) {
            throw RecordError.notWritable(secret.key, error)
        }
    }

    /// Whether the server will never store what was sent.
    private static func isRefusal(_ error: APIError) -> Bool {
        [.badRequest, .forbidden, .invalid, .requestEntityTooLarge].contains(error.reason)
            && !error.isNamespaceTerminating
    }

    /// Replaces a record's Secret that was last seen at a version.
    ///
    /// Annotations of others, such as the request to stop, are kept; a change of the metadata alone is no rival.
    func replace(
        _ secret: RecordSecret, at version: (resourceVersion: String, annotations: [String: String]), mark: WriteMark
    ) async throws -> KubernetesObject {
        var version = version
        let own = version.annotations[RecordKeys.write]
        for _ in 0..<5 {
            var object = secret.object(mark: mark)
            object.annotations = version.annotations.merging(object.annotations) { $1 }
            object.resourceVersion = version.resourceVersion
            do {
                return try await client.replace(object).object
            } catch let error as APIError where error.reason == .conflict {
                let live = try await client.get(secret.key)
                let found = live.annotations[RecordKeys.write]
                if found == mark.description { return live }
                guard found == own || mark.follows(found), let resourceVersion = live.resourceVersion else {
                    throw RecordError.rival(secret.key, by: found)
                }
                version = (resourceVersion, live.annotations)
            } catch let error as APIError where Self.isRefusal(error) {
                throw RecordError.notWritable(secret.key, error)
            }
        }
        throw RecordError.rival(secret.key, by: own)
    }

    /// Deletes a record's Secret by uid; one that is gone already is fine.
    func delete(_ key: ObjectKey, uid: String?) async throws {
        _ = try await client.delete(key, options: DeleteOptions(uid: uid))
    }
}
