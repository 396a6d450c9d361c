// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

extension RecordStore {
    /// Reads the state record; nil when the deployment has none.
    public func state() async throws -> Stored<DeploymentState>? {
        let key = Self.stateKey(deployment, namespace: namespace)
        guard let object = try await client.find(key) else { return nil }
        return Stored(try DeploymentState(json: try RecordSecret.json("state", of: object), at: key), object)
    }

    /// Writes the state record: makes it, or replaces the one that was read.
    public func write(
        _ state: DeploymentState, replacing stored: Stored<DeploymentState>?, mark: WriteMark
    ) async throws -> Stored<DeploymentState> {
        let secret = try secret(of: state)
        guard let stored else { return Stored(state, try await create(secret, mark: mark)) }
        let object = try await replace(secret, at: (stored.resourceVersion, stored.annotations), mark: mark)
        return Stored(state, object)
    }

    /// Checks that the record fits into a Secret, before anything is written.
    public func validate(_ state: DeploymentState) throws {
        _ = try secret(of: state)
    }

    /// Deletes the state record.
    public func delete(_ stored: Stored<DeploymentState>) async throws {
        try await delete(Self.stateKey(deployment, namespace: namespace), uid: stored.uid)
    }

    /// The most bytes of one record: a Secret holds 1 MiB.
    private static let stateLimit = 1_000_000

    private func secret(of state: DeploymentState) throws(RecordError) -> RecordSecret {
        let key = Self.stateKey(deployment, namespace: namespace)
        let json = state.json.json()
        guard json.count <= Self.stateLimit else {
            throw .tooLarge(
                key, bytes: json.count, largest: [("the inventory of \(state.inventory.count) objects", json.count)])
        }
        let kinds = Set(state.inventory.map(\.key.kind.groupKind.description)).sorted()
        let namespaces = Set(state.inventory.compactMap(\.key.namespace)).subtracting([namespace]).sorted()
        var annotations = [
            RecordKeys.applySetTooling: "\(RecordKeys.manager)/\(state.toolVersion)",
            RecordKeys.applySetKinds: kinds.joined(separator: ","),
            RecordKeys.summary: DeploymentSummary(state).json.jsonString(),
        ]
        if !namespaces.isEmpty { annotations[RecordKeys.applySetNamespaces] = namespaces.joined(separator: ",") }
        if !state.uses.isEmpty {
            annotations[RecordKeys.uses] = Value.array(state.uses.map(\.json)).jsonString()
        }
        return RecordSecret(
            key: key, type: "iflearnerctl.io/state", labels: labels("state", [RecordKeys.applySetID: state.applySetID]),
            annotations: annotations, data: ["state": json])
    }
}
