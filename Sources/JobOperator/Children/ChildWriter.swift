// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

/// Makes and repairs the objects of one job.
struct ChildWriter: Sendable {
    let client: ClusterClient
    let cache: JobCache
    let memory: ChildMemory
    let job: IflearnerJob

    private var key: JobKey { job.key }

    /// Who has the name of an object, by the cache; what the cache does not have may only be late.
    func claim(_ kind: ChildKind) -> Claim { Claim(cache.child(kind, key), of: kind, for: job) }

    /// Sees to it that an object is there and as it is wanted: no request where it is.
    func ensure(_ kind: ChildKind, _ wanted: DesiredChild) async -> ChildOutcome {
        do {
            switch claim(kind) {
            case .free: return try await make(kind, wanted)
            case .ours(let live): return try await repair(kind, live, wanted)
            case .leaving(let why): return .waiting(why)
            case .taken(let why): return .taken(why)
            }
        } catch {
            return ChildOutcome(error)
        }
    }

    /// Makes an object that the cache does not have.
    ///
    /// It is applied without force: whatever took the name in the meantime is a conflict, and is not merged into.
    private func make(_ kind: ChildKind, _ wanted: DesiredChild) async throws -> ChildOutcome {
        switch try await liveClaim(kind, wanted.object) {
        case .ours(let live): return try await repair(kind, live, wanted)
        case .leaving(let why): return .waiting(why)
        case .taken(let why): return .taken(why)
        case .free: break
        }
        do {
            let result = try await apply(wanted.object, force: false)
            memory.note(result, of: wanted, kind, key)
            return .present(result, .created)
        } catch let error as APIError {
            guard let outcome = try await lateClaim(kind, wanted.object, after: error) else { throw error }
            return outcome
        }
    }

    private func repair(
        _ kind: ChildKind, _ live: KubernetesObject, _ wanted: DesiredChild
    ) async throws -> ChildOutcome {
        if wanted.isMet(by: live) || memory.isResult(live, of: wanted, kind, key) { return .present(live, .none) }
        var guarded = wanted.object
        // Whoever replaced the object since it was seen does not get our fields.
        guarded.value.set(live.uid.map(Value.string), at: ["metadata", "uid"])
        var result = live
        do {
            result = try await apply(guarded, force: true)
        } catch let error as APIError where kind == .service && error.reason == .invalid && !error.isStaleObject {
            // Before 1.20, what went with another type stands in the way of ours.
        }
        if kind == .service, !wanted.isMet(by: result) { result = try await replaceSpec(of: result, wanted) }
        memory.note(result, of: wanted, kind, key)
        return .present(result, .updated)
    }

    /// Takes away what others added to a Service: an apply leaves that, and ports would lead into the pod.
    private func replaceSpec(of service: KubernetesObject, _ wanted: DesiredChild) async throws -> KubernetesObject {
        var spec = wanted.object["spec"]?.mapping ?? Mapping()
        var selector = service["spec", "selector"]?.mapping ?? Mapping()
        for key in selector.keys { selector[key] = .null }
        for (key, value) in spec["selector"]?.mapping ?? Mapping() { selector[key] = value }
        spec["selector"] = .mapping(selector)
        for key in ["externalTrafficPolicy", "healthCheckNodePort"] where service["spec", key] != nil {
            spec[key] = .null
        }
        var metadata = Mapping()
        metadata["uid"] = service.uid.map(Value.string)
        metadata["resourceVersion"] = service.resourceVersion.map(Value.string)
        return try await client.patch(
            service.key, .merge, ["metadata": .mapping(metadata), "spec": .mapping(spec)],
            options: WriteOptions(fieldManager: JobContract.fieldManager, fieldValidation: .ignore)
        ).object
    }

    private func apply(_ object: KubernetesObject, force: Bool) async throws -> KubernetesObject {
        try await client.apply(
            object,
            options: ApplyOptions(fieldManager: JobContract.fieldManager, force: force, fieldValidation: .ignore)
        ).object
    }

    /// Who has the name, by the server.
    func liveClaim(_ kind: ChildKind, _ object: KubernetesObject) async throws -> Claim {
        Claim(live: try await client.find(object.key), of: kind, for: job)
    }

    /// What a failed creation means when the name turns out to be taken; nil when it is free and the error stands.
    private func lateClaim(
        _ kind: ChildKind, _ object: KubernetesObject, after error: APIError
    ) async throws -> ChildOutcome? {
        guard error.reason == .conflict || error.reason == .alreadyExists || error.reason == .invalid else {
            return nil
        }
        switch try await liveClaim(kind, object) {
        case .free: return nil
        case .ours(let live): return .present(live, .none)
        case .leaving(let why): return .waiting(why)
        case .taken(let why): return .taken(why)
        }
    }
}

// MARK: Pods and removals

extension ChildWriter {
    /// Makes the pod, which never changes afterwards.
    func makePod(_ pod: KubernetesObject) async -> ChildOutcome {
        do {
            switch try await liveClaim(.pod, pod) {
            case .ours(let live): return .present(live, .none)
            case .leaving(let why): return .waiting(why)
            case .taken(let why): return .taken(why)
            case .free: break
            }
            do {
                return .present(try await appliedPod(pod), .created)
            } catch let error as APIError {
                guard let outcome = try await lateClaim(.pod, pod, after: error) else { throw error }
                return outcome
            }
        } catch {
            return ChildOutcome(error)
        }
    }

    private func appliedPod(_ pod: KubernetesObject) async throws -> KubernetesObject {
        do {
            return try await apply(pod, force: false)
        } catch let error as APIError where error.isAboutApplying {
            let options = WriteOptions(fieldManager: JobContract.fieldManager, fieldValidation: .ignore)
            return try await client.create(pod, options: options).object
        }
    }

    /// Removes an object that is wanted no longer, if it is ours.
    func remove(_ kind: ChildKind) async -> ChildOutcome {
        guard case .ours(let live) = claim(kind) else { return .unwanted }
        do {
            _ = try await client.delete(live.key, options: DeleteOptions(uid: live.uid))
            return .unwanted
        } catch let error as APIError where error.isStaleObject {
            // Somebody else's has taken the name.
            return .unwanted
        } catch {
            return ChildOutcome(error)
        }
    }
}
