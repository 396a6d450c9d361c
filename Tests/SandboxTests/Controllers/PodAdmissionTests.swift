// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct PodAdmissionTests {
    private static let safe: Value = [
        "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]], "runAsNonRoot": true,
        "seccompProfile": ["type": "RuntimeDefault"],
    ]

    private static func pod(_ context: Value?, _ spec: Value = [:]) -> Fields {
        var container: Value = ["name": "c", "image": "a:1"]
        container["securityContext"] = context
        var pod: Value = ["metadata": ["name": "p"], "spec": ["containers": [container]]]
        for (key, value) in spec.mapping ?? [:] { pod.set(value, at: ["spec", key]) }
        return Fields(pod)
    }

    private static func namespace(_ level: Value?) -> Fields {
        var namespace: Value = ["metadata": ["name": "n"]]
        namespace.set(level, at: ["metadata", "labels", "pod-security.kubernetes.io/enforce"])
        return Fields(namespace)
    }

    @Test func `restricted names everything that is missing`() {
        let security = PodSecurity(Self.namespace("restricted"))
        #expect(security.violation(of: Self.pod(Self.safe)) == nil)
        #expect(
            security.violation(of: Self.pod(nil)) == """
                violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "c" must set \
                securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set \
                securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set \
                securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set \
                securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")
                """)
        let podWide: Value = ["runAsNonRoot": true, "seccompProfile": ["type": "RuntimeDefault"]]
        let context: Value = ["allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]]]
        #expect(security.violation(of: Self.pod(context, ["securityContext": podWide])) == nil)
    }

    @Test func `baseline refuses the node's own things`() {
        let security = PodSecurity(Self.namespace("baseline"))
        #expect(security.violation(of: Self.pod(nil)) == nil)
        #expect(
            security.violation(of: Self.pod(nil, ["hostNetwork": true]))
                == "violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)")
        #expect(
            security.violation(of: Self.pod(nil, ["volumes": [["name": "v", "hostPath": ["path": "/"]]]]))
                == "violates PodSecurity \"baseline:latest\": hostPath volumes (volume \"v\")")
        #expect(
            security.violation(of: Self.pod(["privileged": true]))
                == "violates PodSecurity \"baseline:latest\": privileged (container \"c\" must not set securityContext.privileged=true)"
        )
    }

    @Test func `a namespace without the label lets everything in, one with a typing error nothing unsafe`() {
        #expect(PodSecurity(Self.namespace(nil)).violation(of: Self.pod(["privileged": true])) == nil)
        #expect(PodSecurity(Self.namespace("restrictd")).violation(of: Self.pod(nil)) != nil)
    }

    @Test func `a refused pod is told by its replica set, and a quota that is too small`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create([
                "apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "q"],
                "spec": ["hard": ["pods": "1"]],
            ])
            try cluster.create(DeploymentTests.deployment())
            await cluster.pass(.seconds(5))
            #expect(cluster.objects(.pods).count == 1)
            let failure = try #require(cluster.object(.deployments, "web")?.condition("ReplicaFailure").message.text)
            #expect(failure.hasSuffix("exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1"))
            #expect(cluster.object(.resourceQuotas, "q")?.status.used.pods.text == "1")
            try cluster.change(ObjectKey(.resourceQuotas, namespace: "default", name: "q")) {
                $0.set("5", at: ["spec", "hard", "pods"])
            }
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.deployments, "web")?.hasCondition("Available") == true)
            #expect(cluster.object(.resourceQuotas, "q")?.status.used.pods.text == "2")
        }
    }

    @Test func `a pod gets its account, its token and its class of service`() async throws {
        try await SimulatedCluster.run { cluster in
            let limits: Value = ["cpu": "100m", "memory": "64Mi"]
            let container: Value = ["name": "c", "image": "a:1", "resources": ["limits": limits]]
            try cluster.create(KubeletTests.pod(spec: ["containers": [container]]))
            let pod = try #require(cluster.object(.pods, "p"))
            #expect(pod.spec.serviceAccountName.text == "default")
            #expect(pod.spec.tolerations.list.count == 2)
            #expect(pod.status.qosClass.text == "Guaranteed")
            let mount = pod.spec.containers.list.first?.volumeMounts.list.first
            #expect(mount?.mountPath.text == "/var/run/secrets/kubernetes.io/serviceaccount")
            #expect(pod.spec.volumes.list.first?.name.text == mount?.name.text)
            try cluster.create(KubeletTests.pod("bare", spec: ["automountServiceAccountToken": false]))
            #expect(cluster.object(.pods, "bare")?.spec.volumes.exists == false)
        }
    }
}
