// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

extension JobPass {
    /// What became of everything.
    struct Outcomes: Sendable {
        var pod: ChildOutcome
        var service: ChildOutcome
        var ingress: ChildOutcome
        var disruptionBudget = ChildOutcome.unwanted
        var certificates: JobCondition?
        /// Why the pod cannot be made yet.
        var unresolved: AddressError?

        var children: [(ChildKind, ChildOutcome)] {
            [(.pod, pod), (.service, service), (.ingress, ingress), (.disruptionBudget, disruptionBudget)]
        }
    }

    func ensurePod(_ view: PodView, _ wanted: KubernetesObject) async -> ChildOutcome {
        switch view {
        case .present(let pod): return await writer.keepPod(pod)
        case .finished: return .unwanted
        case .going: return .waiting("Pod/\(job.key.name) is being deleted; another one follows")
        case .wanted:
            switch writer.claim(.pod) {
            case .leaving(let why): return .waiting(why)
            case .taken(let why): return .taken(why)
            case .free, .ours: return await writer.makePod(wanted)
            }
        }
    }

    func ensureIngress(_ plan: IngressPlan, _ checked: CheckedJob) async -> ChildOutcome {
        switch plan {
        case .unwanted: return await writer.remove(.ingress)
        case .yielding(let why):
            let outcome = await writer.remove(.ingress)
            if case .unwanted = outcome { return .hostTaken(why) }
            return outcome
        case .wanted(let settings):
            do {
                let kind = try await ChildKind.ingress.served(by: context.client)
                let form = await classForm(settings.className, kind)
                let wanted = checked.ingress(settings, apiVersion: kind.apiVersion, classForm: form)
                return await writer.ensure(.ingress, DesiredChild(wanted))
            } catch {
                return ChildOutcome(error)
            }
        }
    }

    /// How the Ingress names its class: as it does already, else by whether there is an IngressClass of the name (D20).
    func classForm(_ name: String, _ ingress: GroupVersionKind) async -> IngressClassForm {
        if name.isEmpty { return .annotation }
        if case .ours(let live) = writer.claim(.ingress) {
            if live["spec", "ingressClassName"]?.string == name { return .field }
            if live.annotations[IngressClassForm.annotationName] == name { return .annotation }
        }
        let kind = GroupVersionKind(group: ingress.group, version: ingress.version, kind: "IngressClass")
        let presence = await context.prerequisites.presence(of: ObjectKey(kind, name: name))
        return presence == .present ? .field : .annotation
    }

    func certificates(
        for checked: CheckedJob, _ plan: IngressPlan, _ view: PodView
    ) async -> JobCondition? {
        if case .finished = view { return nil }
        var hasIngress = false
        if case .wanted = plan { hasIngress = true }
        var hasStarted = false
        if case .present(let pod) = view { hasStarted = JobPhase(ofStatus: pod.value["status"]).hasStarted }
        let check = CertificateCheck(lookup: context.prerequisites)
        return await check.condition(for: checked, hasIngress: hasIngress, hasStarted: hasStarted)
    }

    /// A training that runs is guarded; where every party has finished, nobody loses anything, and the aggregator, which
    /// never ends by itself, would keep its node from being drained for ever.
    func ensureDisruptionBudget(
        _ checked: CheckedJob, _ policy: JobPolicy?, _ outcomes: Outcomes
    ) async -> ChildOutcome {
        guard checked.role == .server, policy?.evictionGuard == true, case .present(let pod, _) = outcomes.pod,
            JobPhase(ofStatus: pod.value["status"]) == .running, job.condition(.completed)?.status != .yes
        else { return await writer.remove(.disruptionBudget) }
        do {
            let kind = try await ChildKind.disruptionBudget.served(by: context.client)
            let wanted = checked.disruptionBudget(apiVersion: kind.apiVersion)
            return await writer.ensure(.disruptionBudget, DesiredChild(wanted))
        } catch {
            return ChildOutcome(error)
        }
    }
}
