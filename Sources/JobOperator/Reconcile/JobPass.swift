// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

/// One pass over one job.
struct JobPass: Sendable {
    let context: JobReconciler.Context
    let job: IflearnerJob

    /// When to look again, where no event will tell.
    enum Patience {
        /// Something of the name is going.
        static let leaving = Duration.seconds(2)
        /// Certificates are missing, or somebody else has the host.
        static let missing = Duration.seconds(30)
        /// The name is taken, or the server refuses: somebody has to do something.
        static let refused = Duration.seconds(60)
        /// An address is not known yet.
        static let unresolved = Duration.seconds(10)
    }

    var cache: JobCache { context.cache }
    var writer: ChildWriter {
        ChildWriter(client: context.client, cache: cache, memory: context.children, job: job)
    }

    func run() async throws -> ReconcileOutcome {
        if stillRefused { return .settled }
        let checked: CheckedJob
        do {
            checked = try CheckedJob(job)
        } catch {
            return try await refuse(error)
        }
        let policy: JobPolicy?
        switch cache.policy(namespace: job.key.namespace, role: checked.role) {
        case .none: policy = nil
        case .policy(let found): policy = found
        case .unreadable(let error): return try await hold(error)
        }
        let view = PodView(job, cache)
        var draft = checked.podDraft
        var unresolved: AddressError?
        if case .wanted = view, let policy {
            do {
                try await shape(&draft, policy)
            } catch let refusal as JobRefusal {
                return try await refuse(refusal)
            } catch let error as AddressError {
                unresolved = error
            }
        }
        let plan = IngressPlan(for: checked, policy: policy, cache: cache, isOver: view.isOver)
        let pod = checked.pod(draft)
        async let podOutcome = unresolved == nil ? ensurePod(view, pod) : .unwanted
        async let service = writer.ensure(
            .service, DesiredChild(checked.service(policy?.ingressSettings(for: checked.role))))
        async let ingress = ensureIngress(plan, checked)
        async let certificates = certificates(for: checked, plan, view)
        var outcomes = Outcomes(
            pod: await podOutcome, service: await service, ingress: await ingress,
            certificates: await certificates, unresolved: unresolved)
        outcomes.disruptionBudget = await ensureDisruptionBudget(checked, policy, outcomes)
        return try await conclude(outcomes, checked, view)
    }
}

// MARK: Refusals

extension JobPass {
    /// Whether a policy has refused this generation before: then that is the last word.
    var stillRefused: Bool {
        guard job.refusal?.isPolicy == true, job.condition(.accepted)?.status == .no else { return false }
        guard let generation = job.condition(.accepted)?.observedGeneration else { return true }
        return generation == job.generation
    }

    /// Says why a job is not run.
    ///
    /// What it had made before it became like this is left alone, and of a pod that runs the status goes on to tell.
    func refuse(_ refusal: JobRefusal) async throws -> ReconcileOutcome {
        var builder = builder()
        builder.conditions = [JobCondition(.accepted, .no, refusal.reason.rawValue, refusal.message)]
        builder.keepsConditions = true
        switch PodView(job, cache) {
        case .present(let pod): builder.source = .pod(pod.value["status"])
        case .finished(let pod): builder.source = pod.map { .pod($0.value["status"]) } ?? .kept
        case .going, .wanted:
            if let pod = try await unseenPod(refusal) {
                builder.source = .pod(pod.value["status"])
            } else {
                builder.phase = .failed
                builder.refusal = refusal
                builder.keepsConditions = false
            }
        }
        _ = try await write(builder)
        return .settled
    }

    /// The job's pod that the cache does not have yet: a refusal is final, and not for a job that runs.
    private func unseenPod(_ refusal: JobRefusal) async throws -> KubernetesObject? {
        guard job.refusal != refusal.reason else { return nil }
        let key = ObjectKey(.pod, namespace: job.key.namespace, name: job.key.name)
        guard case .ours(let pod) = Claim(live: try await context.client.find(key), of: .pod, for: job) else {
            return nil
        }
        return pod
    }
}
