// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Values

extension JobPass {
    func builder() -> StatusBuilder {
        StatusBuilder(
            generation: job.generation, role: job.role, addition: context.additions.addition(toJob: job.uid),
            now: context.time.wall())
    }

    func conclude(_ outcomes: Outcomes, _ checked: CheckedJob, _ view: PodView) async throws -> ReconcileOutcome {
        if outcomes.children.contains(where: { if case .abandoned = $0.1 { true } else { false } }) { return .settled }
        var builder = builder()
        builder.conditions = conditions(outcomes, checked, view)
        (builder.source, builder.phase) = source(outcomes, view)
        if case .finished = view { builder.keepsConditions = true }
        report(outcomes.children)
        _ = try await write(builder)
        for case .failed(let error) in outcomes.children.map(\.1) { throw error }
        return delay(outcomes, builder.conditions, view).map(ReconcileOutcome.again) ?? .settled
    }

    func source(_ outcomes: Outcomes, _ view: PodView) -> (StatusBuilder.Source, JobPhase?) {
        switch (outcomes.pod, view) {
        case (.present(let pod, _), _): return (.pod(pod.value["status"]), nil)
        case (_, .finished(let last)): return (last.map { .pod($0.value["status"]) } ?? .kept, nil)
        case (_, .going(let pod)):
            // A pod that is killed fails: that is not the job's end, and must not be told as one.
            let phase = JobPhase(ofStatus: pod.value["status"])
            return phase.isFinal ? (.kept, .pending) : (.pod(pod.value["status"]), nil)
        default: return (.none, .pending)
        }
    }

    func conditions(_ outcomes: Outcomes, _ checked: CheckedJob, _ view: PodView) -> [JobCondition] {
        var conditions = [JobCondition(.accepted, .yes, "Valid", "")]
        conditions += [
            outcomes.pod.condition(.podCreated), outcomes.service.condition(.serviceReady),
            ingressCondition(outcomes.ingress, checked), outcomes.certificates,
            outcomes.unresolved.map { JobCondition(.addressKnown, .no, "AddressUnknown", $0.message) },
        ].compactMap { $0 }
        if case .present(let pod, _) = outcomes.pod, let digest = pod.annotations[CheckedJob.templateAnnotation] {
            let isSame = digest == checked.templateDigest
            conditions.append(
                isSame
                    ? JobCondition(.templateApplied, .yes, "Applied", "")
                    : JobCondition(
                        .templateApplied, .no, "TemplateChanged",
                        "the pod was made from another template, role or scheduler: delete Pod/\(job.key.name) to have "
                            + "it made anew, or the job to start over"))
        }
        return conditions
    }

    /// An Ingress that is there and shares its host with another one is not ready: who gets the requests is open.
    func ingressCondition(_ outcome: ChildOutcome, _ checked: CheckedJob) -> JobCondition? {
        guard case .present = outcome, let other = IngressPlan.others(with: checked.host, than: job.key, cache).first
        else { return outcome.condition(.ingressReady) }
        return ChildOutcome.hostTaken("host \(checked.host) is claimed by Ingress \(other) too").condition(
            .ingressReady)
    }

    func delay(_ outcomes: Outcomes, _ conditions: [JobCondition], _ view: PodView) -> Duration? {
        var delays: [Duration] = outcomes.children.compactMap { child in
            switch child.1 {
            case .waiting: Patience.leaving
            case .hostTaken: Patience.missing
            case .taken, .refused, .notServed: Patience.refused
            case .present, .unwanted, .failed, .abandoned: nil
            }
        }
        // Who has ended waits for no certificate.
        if !view.isOver,
            conditions.contains(where: { ["HostTaken", "ConfigMapMissing", "TLSSecretMissing"].contains($0.reason) })
        {
            delays.append(Patience.missing)
        }
        if outcomes.unresolved != nil { delays.append(Patience.unresolved) }
        return delays.min()
    }

    /// Writes the status, and tells events of what has changed in it.
    func write(_ builder: StatusBuilder) async throws -> Value? {
        let result = try await context.status.write(builder, to: job)
        if let addition = builder.addition { context.additions.settle(addition, ofJob: job.uid) }
        guard let written = result else { return nil }
        // What a deleted job leaves behind goes by itself: flow starts tasks anew like that all day.
        for condition in builder.conditions where condition.status == .no && condition.reason != "NameInUse" {
            let old = job.condition(condition.kind)
            guard old?.status != .no || old?.reason != condition.reason || old?.message != condition.message else {
                continue
            }
            context.events.record(JobEvent(.warning, condition.reason, condition.message, about: job))
        }
        let phase = JobPhase(ofStatus: written)
        if phase.isFinal, phase.rawValue != job.phase, builder.refusal == nil {
            let words = written["message"]?.string ?? "the pod has ended"
            context.events.record(
                JobEvent(phase == .failed ? .warning : .normal, phase.rawValue, words, about: job))
        }
        return written
    }

    func report(_ children: [(ChildKind, ChildOutcome)]) {
        var made: [String] = []
        for (kind, outcome) in children {
            guard case .present(_, let change) = outcome else { continue }
            switch change {
            case .none: break
            case .created where kind == .pod && job.condition(.podCreated)?.status == .yes:
                context.events.record(
                    JobEvent(.warning, "PodRecreated", "the pod was gone before it had ended: made another", about: job)
                )
            case .created: made.append(kind.kind)
            case .updated:
                context.events.record(
                    JobEvent(.normal, "Updated", "brought \(kind.kind) back to what the job asks for", about: job))
            }
        }
        guard !made.isEmpty else { return }
        context.events.record(JobEvent(.normal, "Created", "made " + made.joined(separator: ", "), about: job))
    }
}
