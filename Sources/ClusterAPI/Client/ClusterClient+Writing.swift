// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

extension ClusterClient {
    /// Creates an object.
    ///
    /// When the answer to an earlier try was lost and the object is there with everything that was sent, that try made
    /// it: the result says created. When it is not there, it is sent again.
    public func create(
        _ object: KubernetesObject, options: WriteOptions = WriteOptions()
    ) async throws -> ApplyResult {
        for _ in 0..<3 {
            do {
                return try await createOnce(object, options)
            } catch let error as TransportError where error.mayHaveBeenProcessed && !object.name.isEmpty {
                if options.dryRun { continue }
                guard let live = try await find(object.key) else { continue }
                guard live.value.contains(everythingIn: object.value) else { throw error }
                return ApplyResult(object: live, created: true)
            }
        }
        return try await createOnce(object, options)
    }

    private func createOnce(_ object: KubernetesObject, _ options: WriteOptions) async throws -> ApplyResult {
        let key = object.key
        let description = RequestDescription(.create, key)
        return try await withResource(for: key.kind) { resource in
            do {
                let response = try await send(
                    .post, resource.path(namespace: key.namespace), query: options.query, body: object.value,
                    describedAs: description, safety: key.name.isEmpty ? .onceOnly : .creation,
                    kind: key.kind.groupKind)
                note(object, dryRun: options.dryRun)
                return try Self.result(response, description)
            } catch let error as APIError where error.reason == .alreadyExists && error.followsAmbiguousTry {
                guard let live = try await find(key), live.value.contains(everythingIn: object.value) else {
                    throw error
                }
                return ApplyResult(object: live, created: true)
            }
        }
    }

    /// Applies an object on the server's side: makes it, or changes the fields it states.
    public func apply(
        _ object: KubernetesObject, options: ApplyOptions = ApplyOptions()
    ) async throws -> ApplyResult {
        let key = object.key
        let description = RequestDescription(.apply, key)
        return try await withResource(for: key.kind) { resource in
            let path = resource.path(namespace: key.namespace, name: key.name, subresource: options.subresource)
            let response = try await send(
                .patch, path, query: options.query, headers: ["Content-Type": "application/apply-patch+yaml"],
                body: object.value, describedAs: description, safety: .idempotentWrite, kind: key.kind.groupKind)
            note(object, dryRun: options.dryRun)
            return try Self.result(response, description)
        }
    }

    /// Replaces an object; its `resourceVersion`, when it has one, must be the server's.
    public func replace(
        _ object: KubernetesObject, options: WriteOptions = WriteOptions()
    ) async throws -> ApplyResult {
        let key = object.key
        let description = RequestDescription(.update, key)
        return try await withResource(for: key.kind) { resource in
            let path = resource.path(namespace: key.namespace, name: key.name, subresource: options.subresource)
            let response = try await send(
                .put, path, query: options.query, body: object.value, describedAs: description,
                safety: object.resourceVersion == nil ? .onceOnly : .idempotentWrite, kind: key.kind.groupKind)
            note(object, dryRun: options.dryRun)
            return try Self.result(response, description)
        }
    }

    /// Patches an object.
    public func patch(
        _ key: ObjectKey, _ type: PatchType, _ patch: Value, options: WriteOptions = WriteOptions()
    ) async throws -> ApplyResult {
        let description = RequestDescription(.patch, key)
        return try await withResource(for: key.kind) { resource in
            let path = resource.path(namespace: key.namespace, name: key.name, subresource: options.subresource)
            let response = try await send(
                .patch, path, query: options.query, headers: ["Content-Type": type.rawValue], body: patch,
                describedAs: description, safety: type == .merge ? .idempotentWrite : .onceOnly,
                kind: key.kind.groupKind)
            return try Self.result(response, description)
        }
    }

    /// Deletes an object; one that is not there counts as gone.
    ///
    /// - Throws: `APIError` that `isStaleObject` when the name belongs to an object of another uid or version.
    public func delete(_ key: ObjectKey, options: DeleteOptions = DeleteOptions()) async throws -> DeleteResult {
        let description = RequestDescription(.delete, key)
        do {
            return try await withResource(for: key.kind) { resource in
                let response = try await send(
                    .delete, resource.path(namespace: key.namespace, name: key.name), body: options.document,
                    describedAs: description, safety: options.uid == nil ? .onceOnly : .idempotentWrite,
                    kind: key.kind.groupKind)
                let answer = try ResponseReading.document(response, description)
                return answer["kind"]?.string == "Status" && key.kind.kind != "Status"
                    ? .gone : .pending(KubernetesObject(answer))
            }
        } catch let error as APIError where error.reason == .notFound && !error.isMissingAPI {
            return .gone
        }
    }

    private static func result(_ response: HTTPResponse, _ description: RequestDescription) throws -> ApplyResult {
        ApplyResult(
            object: try ResponseReading.object(response, description), created: response.status == 201,
            warnings: ResponseReading.warnings(response), serverDate: ResponseReading.date(response))
    }

    /// A new definition makes discovery stale.
    private func note(_ object: KubernetesObject, dryRun: Bool) {
        guard !dryRun, object.groupVersionKind == .customResourceDefinition else { return }
        let kind = GroupKind(
            group: object["spec", "group"]?.string ?? "", kind: object["spec", "names", "kind"]?.string ?? "")
        discovery.noteWritten(kind)
    }
}

extension Value {
    /// Whether every leaf of another value is here with the same value: a server adds defaults and drops nothing.
    func contains(everythingIn other: Value) -> Bool {
        switch (self, other) {
        case (.mapping(let mine), .mapping(let theirs)):
            theirs.allSatisfy { key, value in mine[key]?.contains(everythingIn: value) ?? value.isNull }
        case (.array(let mine), .array(let theirs)):
            mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.contains(everythingIn: $1) }
        default: self == other
        }
    }
}

extension DeleteOptions {
    /// The body of the request.
    var document: Value {
        var document: Mapping = [
            "apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": .string(propagation.rawValue),
        ]
        var preconditions = Mapping()
        if let uid { preconditions["uid"] = .string(uid) }
        if let resourceVersion { preconditions["resourceVersion"] = .string(resourceVersion) }
        if !preconditions.isEmpty { document["preconditions"] = .mapping(preconditions) }
        if let gracePeriodSeconds { document["gracePeriodSeconds"] = .int(Int64(gracePeriodSeconds)) }
        if dryRun { document["dryRun"] = ["All"] }
        return .mapping(document)
    }
}
