// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records
import Testing
import Values

@testable import Rollout

struct PlanUnitTests {
    @Test func `a circle of dependencies is named (S-1)`() {
        let order = ComponentOrder([("a", ["b"]), ("b", ["c"]), ("c", ["a"]), ("d", [])])
        #expect(order.cycle == ["a", "b", "c", "a"])
        #expect(ComponentOrder([("a", ["b"]), ("b", [])]).cycle == nil)
    }

    @Test func `dependencies that are not in the plan are no dependencies`() {
        let order = ComponentOrder([("flow-server", ["mysql", "operator"]), ("mysql", [])])
        #expect(order.dependencies(of: "flow-server") == ["mysql"])
        #expect(order.dependents(of: "mysql") == ["flow-server"])
        #expect(order.dependents(of: "flow-server").isEmpty)
    }

    @Test(arguments: [
        ("", "ConfigMap", Stage.configuration), ("", "Service", .services), ("apps", "Deployment", .workloads),
        ("rbac.authorization.k8s.io", "Role", .access), ("networking.k8s.io", "IngressClass", .classes),
        ("networking.k8s.io", "Ingress", .routes), ("git.iflytek.com", "IflearnerJob", .customResources),
        ("apiextensions.k8s.io", "CustomResourceDefinition", .definitions),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", .webhooks),
        ("policy", "PodDisruptionBudget", .configuration), ("autoscaling", "HorizontalPodAutoscaler", .workloads),
    ])
    func `every kind has its stage (§6.4)`(group: String, kind: String, stage: Stage) {
        #expect(Stage(of: GroupKind(group: group, kind: kind), servesWebhooks: false) == stage)
    }

    @Test func `what webhooks call is up before their configuration (S-1)`() {
        #expect(Stage(of: GroupKind(group: "apps", kind: "Deployment"), servesWebhooks: true) == .services)
        #expect(Stage.services < Stage.webhooks)
    }

    @Test(arguments: [
        (422, "Invalid", "spec.selector", "field is immutable", true),
        (422, "Invalid", "metadata.uid", "field is immutable", false),
        (422, "Invalid", "spec.replicas", "must be greater than or equal to 0", false),
        (
            422, "Invalid", "spec",
            "updates to statefulset spec for fields other than 'replicas' are forbidden", true
        ),
        (422, "Invalid", "spec.clusterIP", "may not change once set", true),
        (422, "Invalid", "roleRef", "cannot change roleRef", true),
        (422, "Invalid", "spec.resources", "field can not be less than previous value", true),
        (409, "Conflict", "", "field is immutable", false),
    ])
    func `immutable fields are told from other refusals (I-1)`(
        code: Int, reason: String, field: String, message: String, isImmutable: Bool
    ) throws {
        let status = try #require(
            APIStatus(
                [
                    "kind": "Status", "status": "Failure", "code": .int(Int64(code)), "reason": .string(reason),
                    "message": .string(message),
                    "details": [
                        "causes": [
                            ["reason": "FieldValueInvalid", "field": .string(field), "message": .string(message)]
                        ]
                    ],
                ], httpStatus: code))
        let error = APIError(
            status: status,
            request: RequestDescription(.apply, ObjectKey(.service, namespace: "fl", name: "x")))
        #expect((Immutability(error) != nil) == isImmutable)
    }

    @Test func `defaults of the server are no change, other values are (A-3)`() {
        let rendered = Manifests.deployment("x", image: "x:1")
        var live = rendered
        live.value.set("Recreate", at: ["spec", "strategy", "type"])
        live.value.set(["a": 1], at: ["status"])
        #expect(ObjectComparison.isCovered(rendered, by: live))
        live.value.set(2, at: ["spec", "replicas"])
        #expect(!ObjectComparison.isCovered(rendered, by: live))
    }

    @Test func `an emptied value and a longer list are doubts (A-3)`() {
        func config(_ data: Value) -> KubernetesObject { Manifests.object("v1", "ConfigMap", "c", ["data": data]) }
        #expect(!ObjectComparison.isCovered(config(["a": "1"]), by: config([:])))
        #expect(ObjectComparison.isCovered(config([:]), by: Manifests.object("v1", "ConfigMap", "c", [:])))
        #expect(!ObjectComparison.isCovered(config(["a": ["x"]]), by: config(["a": ["x", "y"]])))
    }

    @Test func `book-keeping of the server is no change (A-15)`() {
        var left = Manifests.deployment("x", image: "x:1")
        var right = left
        left.value.set("7", at: ["metadata", "resourceVersion"])
        right.value.set("8", at: ["metadata", "resourceVersion"])
        right.value.set([["manager": "x"]], at: ["metadata", "managedFields"])
        #expect(ObjectComparison.isSame(left, right))
        right.value.set(3, at: ["spec", "replicas"])
        #expect(!ObjectComparison.isSame(left, right))
    }

    @Test func `members carry our marks and nothing that the server decides (A-1)`() {
        var rendered = Manifests.deployment("x", image: "x:1")
        rendered.value["status"] = ["replicas": 1]
        rendered.value.set(nil, at: ["metadata", "creationTimestamp"])
        let ownership = Ownership(deployment: "lab", namespace: "fl")
        let manifest = ownership.manifest(rendered, component: "c")
        #expect(manifest.value["status"] == nil)
        #expect(manifest.labels[RecordKeys.partOf] == ownership.applySetID)
        #expect(manifest.labels[RecordKeys.component] == "c")
        #expect(manifest.annotations[RecordKeys.specHash]?.count == 32)
        #expect(ownership.isMember(manifest))
    }

    @Test func `secrets of workloads with claims are their credentials (A-8)`() {
        let objects = Manifests.mysql().objects.map { ("mysql", $0) }
        #expect(Retention.credentials(among: objects).map(\.name) == ["mysql"])
        let server = Manifests.server().objects.map { ("flow-server", $0) }
        #expect(Retention.credentials(among: server).isEmpty)
    }

    @Test func `what a component brings only once is made out from its objects (S-4)`() {
        #expect(Manifests.jobOperator().singleton == .jobOperator)
        #expect(Manifests.mysql().singleton == nil)
        let ingressClass = Manifests.object(
            "networking.k8s.io/v1", "IngressClass", "nginx", ["spec": ["controller": "k8s.io/ingress-nginx"]])
        #expect(Component(name: "ingress-nginx", objects: [ingressClass]).singleton == .ingressController)
    }
}
