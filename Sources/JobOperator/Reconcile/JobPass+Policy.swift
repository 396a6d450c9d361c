// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

extension JobPass {
    /// Fits a pod to what its namespace asks for.
    ///
    /// - Throws: a `JobRefusal` where the policy does not allow the job, an `AddressError` where nobody knows yet what the
    ///   pod's hosts file is to hold.
    func shape(_ draft: inout PodDraft, _ policy: JobPolicy) async throws {
        // What we say of pods, no template says.
        for key in draft.annotations.keys where key.hasPrefix("iflearnerctl.io/") { draft.annotations[key] = nil }
        let hasSeccompField = try await hasSeccompField(policy)
        // Whoever is refused learns it before a name is resolved.
        try policy.shape(&draft, for: job, hasSeccompField: hasSeccompField)
        guard let source = policy.hostAliases, policy.aliasedHost(of: draft, for: job) != nil else { return }
        let address = try await context.addresses.address(of: source)
        try policy.shape(&draft, for: job, address: address, hasSeccompField: hasSeccompField)
    }

    /// Whether the cluster knows `seccompProfile`: the field came with 1.19, as the first version of Ingresses did.
    private func hasSeccompField(_ policy: JobPolicy) async throws -> Bool {
        guard policy.podSecurity != nil else { return true }
        let catalog = try await context.client.discovery.catalog()
        func serves(_ version: String) -> Bool {
            let group = ChildKind.ingress.groupKind
            return catalog.resource(
                for: GroupVersionKind(group: group.group, version: version, kind: group.kind)) != nil
        }
        return serves("v1") || !serves("v1beta1")
    }

    /// Waits for a policy that can be read: what is not understood might be what keeps tasks in.
    ///
    /// A job that runs is left alone, and its status goes on to tell of it.
    func hold(_ error: PolicyError) async throws -> ReconcileOutcome {
        let view = PodView(job, cache)
        var builder = builder()
        var pod = ChildOutcome.unwanted
        switch view {
        case .present(let present):
            pod = .present(present, .none)
            builder.keepsConditions = true
        case .finished: builder.keepsConditions = true
        case .going, .wanted:
            builder.conditions = [
                JobCondition(.accepted, .yes, "Valid", ""),
                JobCondition(
                    .policyReadable, .no, "PolicyUnreadable", SpecReader.shown(error.message, limit: 900)),
            ]
        }
        (builder.source, builder.phase) = source(Outcomes(pod: pod, service: .unwanted, ingress: .unwanted), view)
        _ = try await write(builder)
        return .settled
    }
}
