// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Judges pods.
enum PodReadiness {
    /// A pod of its own.
    static func evaluate(_ pod: KubernetesObject, _ context: ReadinessContext) -> Readiness {
        switch pod["status", "phase"]?.string {
        case "Succeeded": return .ready
        case "Failed": return Readiness(.failed(PodDiagnosis.failure(of: pod)))
        default:
            if isReady(pod) { return .ready }
            return waiting(for: [pod], code: "PodNotReady", message: "the pod is not ready", progress: [], context)
        }
    }

    static func isReady(_ pod: KubernetesObject) -> Bool { pod.condition("Ready")?.status == .yes }

    /// The answer for something whose pods are not all ready: the worst of what they suffer from, else progressing.
    static func waiting(
        for pods: [KubernetesObject], code: String, message: String, progress: [Int64], _ context: ReadinessContext
    ) -> Readiness {
        let present = pods.filter { $0.deletionTimestamp == nil && !isReady($0) }
        let troubles = present.compactMap { PodDiagnosis.trouble(of: $0, context) }
        let moved = progress + present.flatMap { PodDiagnosis.progress(of: $0, context) }
        guard let worst = troubles.max(by: { $0.severity < $1.severity }) else {
            return .progressing(code, message, progress: moved)
        }
        switch worst.severity {
        case .passing: return Readiness(.progressing(worst.reason), progress: moved)
        case .stuck: return Readiness(.failing(worst.reason), progress: moved)
        case .hopeless: return Readiness(.failed(worst.reason), progress: moved)
        }
    }
}
