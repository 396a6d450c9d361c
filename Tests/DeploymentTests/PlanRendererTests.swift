// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
@testable import Deployment
import Rollout
import Testing
import Values

struct PlanRendererTests {
    @Test(arguments: ["cluster", "cluster-federate"], [18, 21, 25, 33])
    func `the examples render for old and new releases with kinds they serve`(example: String, minor: Int) throws {
        let release = KubernetesRelease(minor: minor)
        let rendered = try PlanRenderer(release: release).renderOffline(
            Plans.example(example), file: "cluster.yaml")
        let served = Set(release.apiVersions)
        for object in rendered.objects {
            #expect(served.contains("\(object.apiVersion)/\(object.kind)"), "\(object.key)")
            #expect(!object.name.isEmpty)
        }
        let components = Set(rendered.documents.map(\.component))
        #expect(components == Set(rendered.plan.components.map(\.name)))
        #expect(rendered.components.map(\.name) == rendered.plan.components.map(\.name))
        #expect(Set(rendered.objects.map { "\($0.key)" }).count == rendered.objects.count)
    }

    @Test func `rendering twice gives the same bytes (A-12)`() throws {
        let plan = try Plans.example("cluster")
        let texts = try (0..<2).map { _ in
            try PlanRenderer(release: .assumed).renderOffline(plan, file: "cluster.yaml").documents.map(\.text)
        }
        #expect(texts[0] == texts[1])
    }

    @Test(arguments: [(20, "policy/v1beta1"), (21, "policy/v1"), (33, "policy/v1")])
    func `an API version is chosen as discovery of that release would (facts §6)`(minor: Int, version: String) throws {
        let rendered = try PlanRenderer(release: KubernetesRelease(minor: minor)).renderOffline(
            Plans.example("cluster"), file: "cluster.yaml")
        let found = try #require(rendered.objects.first { $0.kind == "PodDisruptionBudget" })
        #expect(found.apiVersion == version)
    }

    @Test func `the two scopes share nothing and leave nothing out`() throws {
        let rendered = try PlanRenderer(release: .assumed).renderOffline(
            Plans.example("cluster"), file: "cluster.yaml")
        let cluster = rendered.documents.filter(\.isClusterScoped)
        #expect(
            Set(cluster.map(\.object.kind)) == [
                "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "IngressClass",
                "ValidatingWebhookConfiguration",
            ])
        for document in cluster { #expect(document.object.namespace == nil, "\(document.object.key)") }
        #expect(rendered.clusterScopedObjects == cluster.map(\.object))
    }

    @Test func `the administrator is given the namespace too, which the chart leaves to the rollout`() throws {
        let rendered = try PlanRenderer(release: .assumed).renderOffline(
            Plans.server("commonLabels: {cost-centre: '4711'}\n"), file: "cluster.yaml")
        #expect(rendered.namespace.isClusterScoped)
        #expect(rendered.namespace.object.labels == ["cost-centre": "4711"])
        #expect(String(decoding: rendered.namespace.text, as: UTF8.self).contains("name: iflearner\n"))
        #expect(!rendered.objects.contains { $0.kind == "Namespace" })
    }

    @Test func `with expect the components hold nothing outside namespaces, and the scope still shows it`() throws {
        let rendered = try PlanRenderer(release: .assumed).renderOffline(
            Plans.example("cluster", ["clusterScoped": "expect"]), file: "cluster.yaml")
        let written = rendered.components.flatMap(\.objects)
        #expect(!written.isEmpty)
        #expect(written.allSatisfy { !ResourceNames.isClusterScoped($0.groupVersionKind.groupKind) })
        #expect(rendered.clusterScopedObjects.contains { $0.kind == "CustomResourceDefinition" })
        // Its authority could not be the one that the installation makes.
        #expect(!rendered.objects.contains { $0.kind == "ValidatingWebhookConfiguration" })
    }

    @Test func `with reference nothing is rendered that would hold something secret`() throws {
        let plan = try Plans.example("cluster")
        let renderer = PlanRenderer(release: .assumed)
        let referring = try renderer.renderOffline(plan, file: "cluster.yaml", secrets: .reference)
        let names = referring.objects.filter { $0.kind == "Secret" }.map(\.name)
        #expect(!names.contains("mysql-auth") && !names.contains("ingress-nginx-admission"))
        for document in referring.documents {
            let text = String(decoding: document.text, as: UTF8.self)
            #expect(!text.contains("PLACEHOLDER"), "\(document.object.key)")
            #expect(!text.contains("UExBQ0VIT0xERVIt"), "\(document.object.key)")
        }
        #expect(referring.documents.contains { String(decoding: $0.text, as: UTF8.self).contains("mysql-auth") })
        #expect(!referring.objects.contains { $0.kind == "ValidatingWebhookConfiguration" })
        let placeholders = try renderer.renderOffline(plan, file: "cluster.yaml", secrets: .placeholder)
        #expect(placeholders.objects.contains { $0.kind == "Secret" && $0.name == "mysql-auth" })
    }

    @Test func `dependencies and singletons reach the rollout`() throws {
        let rendered = try PlanRenderer(release: .assumed).renderOffline(
            Plans.example("cluster"), file: "cluster.yaml")
        let byName = Dictionary(uniqueKeysWithValues: rendered.components.map { ($0.name, $0) })
        #expect(byName["flow-server"]?.dependsOn.contains("mysql") == true)
        #expect(byName["operator"]?.singleton == .jobOperator)
        #expect(byName["ingress-nginx"]?.singleton == .ingressController)
        #expect(byName["mysql"]?.singleton == nil)
    }

    @Test func `the dump before an upgrade is a hook, and hooks are no part of what is kept`() throws {
        let plan = try Plans.server("mysql: {backup: {enabled: true, size: 1Gi, beforeUpgrade: true}}\n")
        let rendered = try PlanRenderer(release: .assumed).renderOffline(plan, file: "cluster.yaml")
        let hooks = rendered.documents.filter(\.isHook)
        #expect(hooks.map(\.object.kind) == ["Job"])
        #expect(hooks.map(\.component) == ["mysql"])
    }

    @Test func `a plan of another chart is refused by name`() throws {
        #expect(throws: (any Error).self) { try BundledCharts.chart("fate") }
        #expect(BundledCharts.names == ["iflearner-flow"])
    }
}
