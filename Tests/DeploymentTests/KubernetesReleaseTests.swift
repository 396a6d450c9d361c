// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Deployment
import Testing

struct KubernetesReleaseTests {
    @Test(arguments: [
        ("1.33", 33, "v1.33.0"), ("v1.33.4", 33, "v1.33.4"), ("1.18.20", 18, "v1.18.20"),
        ("v1.27.3-gke.100", 27, "v1.27.3-gke.100"), ("1.29.0+k3s1", 29, "v1.29.0+k3s1"),
    ])
    func `a version is read as people and vendors write it`(text: String, minor: Int, version: String) throws {
        let release = try #require(KubernetesRelease(text))
        #expect(release.minor == minor)
        #expect(release.version == version)
    }

    @Test(arguments: ["", "1", "2.3", "v", "latest", "1.x", "1.", ".33", "1.33.x", "-1.33", "1.99999999999999999999"])
    func `what is no version of Kubernetes 1 is refused`(text: String) {
        #expect(KubernetesRelease(text) == nil)
    }

    @Test func `releases are ordered by number, not by text`() {
        #expect(KubernetesRelease(minor: 9) < KubernetesRelease(minor: 18))
        #expect(!(KubernetesRelease(minor: 33) < KubernetesRelease(minor: 33)))
    }

    /// facts/iflearner.md §6: the first and last minor release that serves each kind.
    @Test(arguments: [
        ("extensions/v1beta1/Ingress", 18, 21), ("networking.k8s.io/v1beta1/Ingress", 18, 21),
        ("networking.k8s.io/v1/Ingress", 19, 36), ("networking.k8s.io/v1beta1/IngressClass", 18, 21),
        ("networking.k8s.io/v1/IngressClass", 19, 36), ("networking.k8s.io/v1/NetworkPolicy", 18, 36),
        ("apiextensions.k8s.io/v1beta1/CustomResourceDefinition", 18, 21),
        ("apiextensions.k8s.io/v1/CustomResourceDefinition", 18, 36),
        ("admissionregistration.k8s.io/v1beta1/ValidatingWebhookConfiguration", 18, 21),
        ("admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration", 18, 36),
        ("rbac.authorization.k8s.io/v1beta1/Role", 18, 21), ("rbac.authorization.k8s.io/v1/Role", 18, 36),
        ("policy/v1beta1/PodDisruptionBudget", 18, 24), ("policy/v1/PodDisruptionBudget", 21, 36),
        ("policy/v1beta1/PodSecurityPolicy", 18, 24), ("autoscaling/v1/HorizontalPodAutoscaler", 18, 36),
        ("autoscaling/v2beta1/HorizontalPodAutoscaler", 18, 24),
        ("autoscaling/v2beta2/HorizontalPodAutoscaler", 18, 25), ("autoscaling/v2/HorizontalPodAutoscaler", 23, 36),
        ("batch/v1beta1/CronJob", 18, 24), ("batch/v1/CronJob", 21, 36), ("batch/v1/Job", 18, 36),
        ("apps/v1/StatefulSet", 18, 36), ("coordination.k8s.io/v1beta1/Lease", 18, 21),
        ("coordination.k8s.io/v1/Lease", 18, 36), ("discovery.k8s.io/v1beta1/EndpointSlice", 18, 24),
        ("discovery.k8s.io/v1/EndpointSlice", 21, 36), ("events.k8s.io/v1/Event", 19, 36),
        ("certificates.k8s.io/v1/CertificateSigningRequest", 19, 36), ("storage.k8s.io/v1/StorageClass", 18, 36),
        ("authorization.k8s.io/v1beta1/SubjectAccessReview", 18, 21), ("v1/Endpoints", 18, 36),
    ])
    func `a kind is served from its first to its last release and in no other`(kind: String, first: Int, last: Int) {
        let serving = (KubernetesRelease.oldestMinor...KubernetesRelease.newestMinor).filter {
            KubernetesRelease(minor: $0).apiVersions.contains(kind)
        }
        #expect(serving == Array(first...last))
    }

    @Test func `a group and version is named exactly when a kind of it is`() {
        for minor in KubernetesRelease.oldestMinor...KubernetesRelease.newestMinor {
            let versions = KubernetesRelease(minor: minor).apiVersions
            #expect(versions == versions.sorted())
            let kinds = versions.filter { $0.contains { $0.isUppercase } }
            let groups = Set(kinds.map { $0.prefix(upTo: $0.lastIndex(of: "/") ?? $0.endIndex) }.map(String.init))
            #expect(groups == Set(versions).subtracting(kinds))
        }
    }
}
