// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Diagnostics
import Testing
import Values

/// `spec/plan.md`, Images: mirrors win over the registry, an image of one's own over both.
@Suite struct `Images of a plan` {
    @Test func `images come from their own registries`() throws {
        #expect(
            try serverPlan().images().map { "\($0.valuesPath.joined(separator: "."))\t\($0.source)\t\($0.target)" } == [
                "mysql.image\tdocker.io/library/mysql:8.0.46\tdocker.io/library/mysql:8.0.46",
                "flow-server.image\tghcr.io/iflytek/iflearner-flow-server:v0.2.0\tghcr.io/iflytek/iflearner-flow-server:v0.2.0",
                "flow-server.aggregator.image\tghcr.io/iflytek/iflearner:v0.1.0\tghcr.io/iflytek/iflearner:v0.1.0",
                "operator.image\tghcr.io/iflearnerctl/iflearnerctl:0.2.0\tghcr.io/iflearnerctl/iflearnerctl:0.2.0",
                "ingress-nginx.image\tregistry.k8s.io/ingress-nginx/controller:v1.15.1\tregistry.k8s.io/ingress-nginx/controller:v1.15.1",
            ])
    }

    @Test(arguments: [
        ("docker.io/library/mysql:8.0.46", "hub.example/cache/library/mysql:8.0.46"),
        ("mysql:8.0.46", "hub.example/cache/library/mysql:8.0.46"),
        (
            "acme/tool@sha256:\(String(repeating: "a", count: 64))",
            "hub.example/cache/acme/tool@sha256:\(String(repeating: "a", count: 64))"
        ),
        ("ghcr.io/iflytek/iflearner:v0.1.0", "harbor.example/fl/iflytek/iflearner:v0.1.0"),
        ("localhost:5000/a/b:1", "mirror.example:8443/a/b:1"),
        ("quay.io/a", "harbor.example/fl/a"),
        ("not an image", "not an image"),
    ])
    func `mirrors win over the registry, joined by one slash`(_ source: String, _ target: String) throws {
        let plan = try serverPlan(
            """
            registry: harbor.example/fl/
            registryMirrors: {docker.io: hub.example/cache/, "localhost:5000": "mirror.example:8443"}
            """)
        #expect(plan.mirrored(source) == target)
    }

    @Test func `an image of one's own is taken as it stands`() throws {
        let plan = try serverPlan(
            """
            registry: harbor.example/fl
            flow-server: {image: "mine/flow:1", aggregator: {imageTag: v0.3.0}}
            mysql: {image: mysql, imageTag: "8.4"}
            operator: {image: "r.example:5000/op@sha256:\(String(repeating: "0", count: 64))"}
            modules: [mysql, flow-server, operator]
            """)
        #expect(
            plan.images().map(\.target) == [
                "mysql:8.4", "mine/flow:1", "harbor.example/fl/iflytek/iflearner:v0.3.0",
                "r.example:5000/op@sha256:\(String(repeating: "0", count: 64))",
            ])
        #expect(plan.images().first?.source == "docker.io/library/mysql:8.4")
        #expect(
            plan.chartValues()[path: "flow-server", "aggregator"] == [
                "image": "harbor.example/fl/iflytek/iflearner:v0.3.0"
            ])
    }

    @Test(arguments: [
        (17, "v0.49.3"), (18, "v0.49.3"), (19, "v1.2.1"), (21, "v1.3.1"), (22, "v1.4.0"), (25, "v1.9.6"),
        (27, "v1.11.8"),
        (28, "v1.12.8"), (30, "v1.14.5"), (31, "v1.15.1"), (36, "v1.15.1"), (99, "v1.15.1"),
    ])
    func `the ingress controller follows the cluster's version`(_ minor: Int, _ version: String) throws {
        let plan = try serverPlan()
        let target = "registry.k8s.io/ingress-nginx/controller:" + version
        #expect(plan.images(kubernetesMinor: minor).last?.target == target)
        #expect(plan.chartValues(kubernetesMinor: minor)[path: "ingress-nginx", "image"] == .string(target))
        #expect(IngressController.isWebhookSafe(kubernetesMinor: minor) == (minor >= 26))
    }

    @Test func `the upstream operator has its own image`() throws {
        let plan = try serverPlan("operator: {implementation: upstream}")
        #expect(plan.images().contains { $0.target == "ghcr.io/iflytek/iflearner-operator:v0.2.0" })
    }

    @Test(arguments: [
        ("a", nil), ("a/b", nil), ("a.b/c:d", nil), ("localhost/a", nil), ("a__b/c-d--e.f", nil),
        ("host:5000/a:1", nil),
        ("a:1@sha256:" + String(repeating: "f", count: 64), nil),
        ("A/b", "is not an image reference because of the part 'A': capital letters are not allowed"),
        ("a//b", "is not an image reference because of an empty part between two '/'"),
        ("a/", "is not an image reference because of an empty part between two '/'"),
        ("a-", "is not an image reference because of the part 'a-'"),
        ("a..b", "is not an image reference because of the part 'a..b'"),
        ("a___b", "is not an image reference because of the part 'a___b'"),
        ("a:", "has a bad tag after its last ':'"), ("a:-x", "has a bad tag after its last ':'"),
        ("a@sha256:12", "has a digest that is not sha256: and 64 hexadecimal digits"),
        ("a@b@c", "is not an image reference: it has two '@'"),
        ("http://a/b", "is not an image reference: it must not have a scheme"),
        ("a b", "is not an image reference: it holds a blank"),
        ("a.b:99999/c", "has a bad registry host 'a.b:99999'"), ("1.2.3/c", "has a bad registry host '1.2.3'"),
    ])
    func `references`(_ text: String, _ fault: String?) throws {
        let reported = problems("name: a\nnamespace: b\nrole: server\noperator: {image: '\(text)'}\n")
        #expect(reported == (fault.map { ["plan.yaml:4:19: error: operator.image: '\(text)' \($0)"] } ?? []))
    }
}
