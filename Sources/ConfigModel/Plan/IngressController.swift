// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The ingress-nginx controller for a version of Kubernetes (`facts/iflearner.md` §5.2).
///
/// The project is retired: these are the newest releases that were tested with each version, and the list will not grow.
public enum IngressController {
    /// The controller's version, such as `v1.15.1`, for Kubernetes 1.`minor`.
    public static func version(kubernetesMinor minor: Int) -> String {
        switch minor {
        case ...18: "v0.49.3"
        case 19: "v1.2.1"
        case 20...21: "v1.3.1"
        case 22: "v1.4.0"
        case 23: "v1.6.4"
        case 24: "v1.8.4"
        case 25: "v1.9.6"
        case 26...27: "v1.11.8"
        case 28: "v1.12.8"
        case 29: "v1.13.9"
        case 30: "v1.14.5"
        default: "v1.15.1"
        }
    }

    /// Whether the version has the fix of CVE-2025-1974; without it the admission webhook must not be installed.
    public static func isWebhookSafe(kubernetesMinor minor: Int) -> Bool { minor >= 26 }
}

extension ClusterPlan {
    /// The newest Kubernetes that the bundled images were chosen for: 1.`newestKubernetesMinor`.
    public static let newestKubernetesMinor = 36
}
