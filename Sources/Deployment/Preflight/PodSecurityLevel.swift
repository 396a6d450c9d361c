// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel

/// The levels of Kubernetes' Pod Security Standards, the strictest last.
enum PodSecurityLevel: String, Comparable, CustomStringConvertible {
    case privileged, baseline, restricted

    /// What a plan's pods keep; `openshift` keeps restricted, with users that the cluster assigns.
    init(_ security: ClusterPlan.PodSecurity) {
        self =
            switch security {
            case .privileged: .privileged
            case .baseline: .baseline
            case .restricted, .openshift: .restricted
            }
    }

    /// What a namespace enforces; a label that no version of Kubernetes knows enforces nothing.
    init(enforcedBy namespace: KubernetesObject) {
        self = namespace.labels["pod-security.kubernetes.io/enforce"].flatMap(PodSecurityLevel.init) ?? .privileged
    }

    var description: String { rawValue }

    private var strictness: Int {
        switch self {
        case .privileged: 0
        case .baseline: 1
        case .restricted: 2
        }
    }

    static func < (left: PodSecurityLevel, right: PodSecurityLevel) -> Bool { left.strictness < right.strictness }
}
