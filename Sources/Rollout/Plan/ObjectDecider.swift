// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values
import Records

/// Decides for each rendered object what is to be done: the fast path, else one dry run.
struct ObjectDecider: Sendable {
    /// What was found out about an object.
    struct Decision: Sendable {
        var object: PlannedObject?
        var refusal: Cause?
        var warnings: [String] = []
    }

    let client: ClusterClient
    let ownership: Ownership
    let state: DeploymentState?
    let live: LiveObjects
    let coversLostRecords: Bool
    /// The roles that the same plan makes.
    let roles: Set<ObjectIdentity>

    /// The decisions, in the order of the objects.
    func decide(_ members: [RenderedObjects.Member]) async throws -> [Decision] {
        try await members.concurrentMap { try await decide($0) }
    }

    private func decide(_ member: RenderedObjects.Member) async throws -> Decision {
        guard let object = live[member.identity] else { return try await decideUnknown(member) }
        guard let uid = object.uid else { return try await decideUnknown(member) }
        if let refusal = ownershipRefusal(of: object, member) { return Decision(refusal: refusal) }
        if object.annotations[RecordKeys.specHash] == member.manifest.annotations[RecordKeys.specHash],
            ObjectComparison.isCovered(member.manifest, by: object)
        {
            return Decision(object: planned(member, .unchanged(uid: uid), object))
        }
        do {
            var manifest = member.manifest
            manifest.value.set(.string(uid), at: ["metadata", "uid"])
            let result = try await client.apply(manifest, options: ApplyOptions(dryRun: true))
            let isSame = ObjectComparison.isSame(result.object, object)
            return Decision(
                object: planned(member, isSame ? .unchanged(uid: uid) : .update(uid: uid), object),
                warnings: result.warnings)
        } catch let error as APIError where error.isTerminalRefusal {
            return Decision(refusal: Refusal.cause(error, of: member, live: object))
        }
    }

    /// Why an object with our mark is not ours to write.
    private func ownershipRefusal(of object: KubernetesObject, _ member: RenderedObjects.Member) -> Cause? {
        guard let entry = state?.entry(member.identity) else {
            if coversLostRecords { return nil }
            return Cause(
                component: member.component, object: member.manifest.key.description, code: ExitCode.conflict.rawValue,
                message:
                    "\(member.manifest.key.longDescription) carries this deployment's label but is not in its records",
                hint: "a record was lost; take the objects into a new one with --cover")
        }
        guard let known = entry.uid, known != object.uid, !coversLostRecords else { return nil }
        return Refusal.foreign(object, member, owner: "somebody who replaced it after it was last deployed")
    }

    /// An object that no list of ours showed: missing, foreign, kept by an uninstall, or robbed of its label.
    private func decideUnknown(_ member: RenderedObjects.Member) async throws -> Decision {
        guard live.isCheckable(member.manifest.key) else {
            return Decision(object: planned(member, .create(isChecked: false), nil))
        }
        do {
            let result = try await client.apply(member.manifest, options: ApplyOptions(dryRun: true))
            if result.created {
                return Decision(
                    object: planned(member, .create(isChecked: true), nil), warnings: result.warnings)
            }
            return try await decideExisting(member, refusal: nil)
        } catch let error as APIError where error.isMissingNamespace {
            return Decision(refusal: Refusal.cause(error, of: member, live: nil))
        } catch let error as APIError where error.reason == .notFound && isAboutPlannedRole(member) {
            // Of somebody who is no administrator the server wants to know what the role allows, which is not there yet.
            return try await decideExisting(member, refusal: nil, isChecked: false)
        } catch let error as APIError where error.isTerminalRefusal {
            return try await decideExisting(member, refusal: error)
        }
    }

    /// Whether an object binds a role that the same plan makes.
    private func isAboutPlannedRole(_ member: RenderedObjects.Member) -> Bool {
        guard let role = member.manifest["roleRef"], let kind = role["kind"]?.string, let name = role["name"]?.string
        else { return false }
        let group = GroupVersionKind(group: role["apiGroup"]?.string ?? "", version: "v1", kind: kind)
        let namespace = kind == "Role" ? member.manifest.namespace : nil
        return roles.contains(ObjectIdentity(ObjectKey(group, namespace: namespace, name: name)))
    }

    /// One read tells whose the object is, if there is one.
    private func decideExisting(
        _ member: RenderedObjects.Member, refusal: APIError?, isChecked: Bool = true
    ) async throws -> Decision {
        guard let object = try await client.find(member.manifest.key), let uid = object.uid else {
            guard let refusal else { return Decision(object: planned(member, .create(isChecked: isChecked), nil)) }
            return Decision(refusal: Refusal.cause(refusal, of: member, live: nil))
        }
        let entry = state?.entry(member.identity)
        if entry?.uid == uid || (entry != nil && entry?.uid == nil && ownership.isMember(object)) {
            // Somebody took our label away: the uid says that it is ours all the same.
            if let refusal { return Decision(refusal: Refusal.cause(refusal, of: member, live: object)) }
            return Decision(object: planned(member, .update(uid: uid), object))
        }
        if ownership.isRetained(object) {
            if let refusal { return Decision(refusal: Refusal.cause(refusal, of: member, live: object)) }
            return Decision(object: planned(member, .adopt(uid: uid), object))
        }
        return Decision(refusal: Refusal.foreign(object, member, owner: ownership.owner(of: object)))
    }

    private func planned(
        _ member: RenderedObjects.Member, _ action: PlannedObject.Action, _ live: KubernetesObject?
    ) -> PlannedObject {
        PlannedObject(
            component: member.component, stage: member.stage, manifest: member.manifest, action: action, live: live,
            keep: member.keep)
    }
}

extension APIError {
    /// Whether the server understood the request and will not have it, as opposed to not being able to answer.
    var isTerminalRefusal: Bool {
        switch reason {
        case .forbidden, .invalid, .badRequest, .conflict, .alreadyExists, .requestEntityTooLarge,
            .unsupportedMediaType, .methodNotAllowed, .notFound:
            true
        default: isUnknownFieldFailure || isUnreadableValue || isWebhookFailure
        }
    }
}
