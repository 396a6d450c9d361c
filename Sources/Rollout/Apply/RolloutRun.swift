// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records

/// Carries a plan out: every component as soon as those it depends on are ready (S-1, A-11).
struct RolloutRun: Sendable {
    let plan: RolloutPlan
    let job: RolloutJob

    /// Runs to the end; the outcomes are in plan order.
    func run() async -> [(component: String, outcome: ComponentOutcome)] {
        let components = plan.request.components
        let order = ComponentOrder(components.map { ($0.name, $0.dependsOn) })
        let applied = AppliedGate(components: Set(components.map(\.name)), job: job, summary: plan.summary)
        var outcomes: [String: ComponentOutcome] = [:]
        var waiting = components.map(\.name)
        await withTaskGroup(of: (String, ComponentOutcome).self) { group in
            func startWhatCan() async {
                var started: Set<String> = []
                for name in waiting {
                    let needed = order.dependencies(of: name)
                    let failed = needed.filter { outcomes[$0]?.isFailure == true }.sorted()
                    if Task.isCancelled {
                        outcomes[name] = await cancel(name)
                        started.insert(name)
                    } else if !failed.isEmpty {
                        outcomes[name] = await skip(name, because: failed)
                        started.insert(name)
                    } else if needed.allSatisfy({ outcomes[$0] != nil }) {
                        started.insert(name)
                        group.addTask { (name, await run(name, applied)) }
                    } else {
                        await journal.update(name) {
                            $0.status = .blocked
                            $0.reasons = ["waits for \(needed.sorted().joined(separator: ", "))"]
                        }
                    }
                }
                waiting.removeAll(where: started.contains)
                // A component that was skipped decides about those that need it.
                if started.contains(where: { outcomes[$0] != nil }) { await startWhatCan() }
            }
            await startWhatCan()
            while let (name, outcome) = await group.next() {
                outcomes[name] = outcome
                await startWhatCan()
            }
        }
        var results = components.map { ($0.name, outcomes[$0.name] ?? .canceled) }
        if results.allSatisfy({ !$0.1.isFailure }) { results += await pruneRemovedComponents(applied) }
        return results
    }

    private var journal: Journal { job.journal }

    private func skip(_ name: String, because failed: [String]) async -> ComponentOutcome {
        await journal.update(name) {
            $0.status = .skipped
            $0.reasons = ["left out because of \(failed.joined(separator: ", "))"]
        }
        return .skipped(because: failed)
    }

    /// What was not begun when the job was stopped is stopped too, whatever became of the components it needs.
    private func cancel(_ name: String) async -> ComponentOutcome {
        await journal.update(name) {
            $0.status = .canceled
            $0.reasons = []
        }
        return .canceled
    }

    private func run(_ name: String, _ applied: AppliedGate) async -> ComponentOutcome {
        if Task.isCancelled { return await cancel(name) }
        if plan.sharedComponents.contains(name) {
            await journal.update(name) {
                $0.status = .success
                $0.moduleStatus = .shared
                $0.reasons = plan.uses.filter { $0.component == name }.map {
                    "provided by \($0.provider ?? $0.key.description)"
                }
            }
            do { try await applied.pass(name) } catch {
                return .failed(ComponentRun.causes(of: error, component: name))
            }
            return .succeeded(warnings: [])
        }
        return await ComponentRun(
            name: name, objects: plan.objects.filter { $0.component == name },
            hooks: plan.hooks.filter { $0.component == name },
            leftovers: plan.leftovers.filter { $0.entry.component == name }, job: job,
            onApplied: { try await applied.pass(name) }
        ).run()
    }

    /// Leftovers of components that are no longer in the plan go last: others may need them until then.
    private func pruneRemovedComponents(_ applied: AppliedGate) async -> [(String, ComponentOutcome)] {
        let names = Set(plan.request.components.map(\.name))
        let removed = Dictionary(grouping: plan.leftovers.filter { !names.contains($0.entry.component) }) {
            $0.entry.component
        }
        var results: [(String, ComponentOutcome)] = []
        for (name, leftovers) in removed.sorted(by: { $0.key < $1.key }) {
            do {
                try await job.prune(leftovers.filter { !$0.isRetained }, component: name)
            } catch is CancellationError {
                results.append((name, .canceled))
            } catch {
                results.append((name, .failed(ComponentRun.causes(of: error, component: name))))
            }
        }
        return results
    }
}

/// Writes `applied` into the records as soon as every component is written and pruned (R-4).
private actor AppliedGate {
    private var missing: Set<String>
    private let job: RolloutJob

    private let summary: PlanSummary

    init(components: Set<String>, job: RolloutJob, summary: PlanSummary) {
        self.summary = summary
        missing = components
        self.job = job
    }

    func pass(_ component: String) async throws {
        guard missing.remove(component) != nil, missing.isEmpty, var state = await job.journal.state else { return }
        state.phase = .applied
        state.inventory = await job.ledger.entries
        try await job.journal.write(state)
        // Hooks and what is kept are in the inventory too, but were not applied.
        let counts = summary.created + summary.updated + summary.unchanged
        await job.journal.note("applied \(counts) objects (\(summary.pastText))")
    }
}

extension ComponentOutcome {
    /// Whether the component did not come to its end.
    var isFailure: Bool { if case .succeeded = self { false } else { true } }

    /// Why it failed.
    var causes: [Cause] { if case .failed(let causes) = self { causes } else { [] } }
}
