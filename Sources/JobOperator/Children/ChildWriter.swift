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
    private func make(_ kind: ChildKind, _ wanted: DesiredChild) async throws -> ChildOutcome {
        do {
            let result = try await create(wanted.object)
            memory.note(result, of: wanted, kind, key)
            return .present(result, .created)
        } catch let error as APIError {
            switch try await lateClaim(kind, wanted.object, after: error) {
            case .free: throw error
            case .ours(let live): return try await repair(kind, live, wanted)
            case .leaving(let why): return .waiting(why)
            case .taken(let why): return .taken(why)
            }
        }
    }

    /// Applies an object that is not to be there: a version that none has makes every namesake a conflict.
    ///
    /// So whatever took the name in the meantime is not merged into.
    private func create(_ object: KubernetesObject) async throws -> KubernetesObject {
        var guarded = object
        guarded.resourceVersion = "1"
        do {
            return try await apply(guarded, force: false)
        } catch let error as APIError where error.isVersionOfAbsentObject {
            // A Service before 1.23: the server has just said that there is none.
            return try await apply(object, force: false)
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

    /// Who has the name when a creation failed, as far as that may be the cause.
    private func lateClaim(
        _ kind: ChildKind, _ object: KubernetesObject, after error: APIError
    ) async throws -> Claim {
        guard error.reason == .conflict || error.reason == .alreadyExists || error.reason == .invalid else {
            return .free
        }
        return Claim(live: try await client.find(object.key), of: kind, for: job)
    }
}

// MARK: Pods and removals

extension ChildWriter {
    /// Gives a pod that runs the label back by which its Service finds it (C4); all else about it stays.
    func keepPod(_ pod: KubernetesObject) async -> ChildOutcome {
        guard pod.labels[JobContract.appLabel] != key.name, !JobPhase(ofStatus: pod.value["status"]).isFinal else {
            return .present(pod, .none)
        }
        var metadata: Mapping = ["labels": [JobContract.appLabel: .string(key.name)]]
        metadata["uid"] = pod.uid.map(Value.string)
        do {
            let options = WriteOptions(fieldManager: JobContract.fieldManager)
            return .present(
                try await client.patch(pod.key, .merge, ["metadata": .mapping(metadata)], options: options).object,
                .updated)
        } catch {
            return ChildOutcome(error)
        }
    }

    /// Makes the pod, which never changes afterwards.
    func makePod(_ pod: KubernetesObject) async -> ChildOutcome {
        do {
            do {
                return .present(try await createdPod(pod), .created)
            } catch let error as APIError {
                switch try await lateClaim(.pod, pod, after: error) {
                case .free: throw error
                case .ours(let live): return await keepPod(live)
                case .leaving(let why): return .waiting(why)
                case .taken(let why): return .taken(why)
                }
            }
        } catch {
            return ChildOutcome(error)
        }
    }

    private func createdPod(_ pod: KubernetesObject) async throws -> KubernetesObject {
        do {
            return try await create(pod)
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
