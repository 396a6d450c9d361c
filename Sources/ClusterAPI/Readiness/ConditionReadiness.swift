// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Judges objects of kinds that nothing is known about, by the conditions that most controllers keep.
enum ConditionReadiness {
    static func evaluate(_ object: KubernetesObject) -> Readiness {
        func current(_ type: String) -> Condition? {
            guard let condition = object.condition(type) else { return nil }
            guard let observed = condition.observedGeneration, let generation = object.generation else {
                return condition
            }
            return observed < generation ? nil : condition
        }
        if let stalled = current("Stalled"), stalled.status == .yes {
            return .failed(stalled.reason.isEmpty ? "Stalled" : stalled.reason, stalled.message)
        }
        if let reconciling = current("Reconciling"), reconciling.status == .yes {
            return .progressing(reconciling.reason.isEmpty ? "Reconciling" : reconciling.reason, reconciling.message)
        }
        for type in ["Ready", "Available"] where object.condition(type) != nil {
            guard let condition = current(type) else {
                return .progressing("LatestGenerationNotObserved", "its controller has not seen the change yet")
            }
            return condition.status == .yes
                ? .ready
                : .progressing(condition.reason.isEmpty ? "NotReady" : condition.reason, condition.message)
        }
        return Readiness(.ready, warnings: [Self.unverified])
    }

    /// The warning of an object that gives no sign of its own.
    static let unverified = "unverified: its kind has no sign of readiness"
}

extension Readiness {
    /// Whether it counts as ready only because its kind gives no sign: to be believed after a moment, not at once.
    public var isUnverified: Bool { warnings.contains(ConditionReadiness.unverified) }
}
