// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Testing
import Values

@Suite struct `The ingress-nginx chart` {
    private func rendering(_ lines: String = "", minor: Int = 36) throws -> Rendering {
        try Rendering(try Plans.server(lines), minor: minor)
    }

    private func arguments(_ rendering: Rendering) -> [String] {
        rendering("Deployment", "ingress-nginx-controller")?.containers.first?["args"]?.strings ?? []
    }

    @Test(arguments: Discovery.minors) func `chooses the version that the plan's images list names`(_ minor: Int) throws
    {
        // Without an image, as with plain Helm.
        var values = Plans.values(of: try Plans.server(), minor: minor)
        values.set(nil, at: ["ingress-nginx", "image"])
        let rendering = try Rendering(values: values, capabilities: Discovery.capabilities(minor: minor))
        let image = rendering("Deployment", "ingress-nginx-controller")?.containers.first?["image"]
        #expect(
            image
                == .string(
                    "registry.k8s.io/ingress-nginx/controller:\(IngressController.version(kubernetesMinor: minor))"))
        #expect((rendering("ValidatingWebhookConfiguration", "ingress-nginx-admission") != nil) == (minor >= 26))
    }

    @Test(arguments: [(18, nil), (19, "networking.k8s.io/v1"), (37, "networking.k8s.io/v1")] as [(Int, String?)])
    func `a class exists from controller v1 on`(_ minor: Int, _ version: String?) throws {
        let rendering = try rendering(minor: minor)
        #expect(rendering("IngressClass", "nginx")?["apiVersion"]?.string == version)
        #expect(arguments(rendering).contains("--controller-class=k8s.io/ingress-nginx") == (version != nil))
    }

    @Test(arguments: [
        (18, "ingress-controller-leader", true), (22, "ingress-controller-leader", true),
        (23, "ingress-nginx-leader", false), (36, "ingress-nginx-leader", false),
    ]) func `the one that leads may hold its lock`(_ minor: Int, _ lock: String, _ inConfigMap: Bool) throws {
        let rendering = try rendering(minor: minor)
        #expect(arguments(rendering).contains("--election-id=\(lock)"))
        let rules = rendering("Role", "ingress-nginx")?["rules"]?.array ?? []
        func names(_ resource: String) -> [String] {
            rules.filter { $0["resources"] == [.string(resource)] }.flatMap { $0["resourceNames"]?.strings ?? [] }
        }
        #expect(names("leases") == [lock])
        #expect(names("configmaps") == (inConfigMap ? [lock, lock + "-nginx"] : []))
    }

    @Test func `the webhook trusts its own authority`() throws {
        let rendering = try rendering()
        let webhook = rendering("ValidatingWebhookConfiguration", "ingress-nginx-admission")?["webhooks"]?[0]
        #expect(webhook?["failurePolicy"] == "Fail")
        #expect(webhook?[path: "clientConfig", "service", "namespace"] == "iflearner")
        let secret = rendering("Secret", "ingress-nginx-admission")
        #expect(webhook?[path: "clientConfig", "caBundle"] == secret?["data", "ca"])
        #expect(arguments(rendering).contains("--validating-webhook-key=/usr/local/certificates/key"))
        #expect(rendering("Service", "ingress-nginx-controller-admission") != nil)
        #expect(rendering.objects.allSatisfy { $0.kind != "Job" })
    }

    @Test func `nothing cuts a training`() throws {
        let rendering = try rendering("ingress-nginx: {workerShutdownTimeout: 1h30m}\n")
        let deployment = try #require(rendering("Deployment", "ingress-nginx-controller"))
        #expect(deployment["spec", "replicas"] == 2)
        #expect(deployment["spec", "strategy", "rollingUpdate"] == ["maxUnavailable": 0, "maxSurge": 1])
        #expect(deployment.podSpec?["terminationGracePeriodSeconds"] == 5460)
        let options = rendering("ConfigMap", "ingress-nginx-controller")?["data"]
        #expect(options?["worker-shutdown-timeout"] == "1h30m")
        #expect(options?["proxy-read-timeout"] == "3600")
        #expect(options?["proxy-send-timeout"] == "3600")
        #expect(rendering("PodDisruptionBudget", "ingress-nginx-controller")?["spec", "maxUnavailable"] == 1)
    }

    @Test(arguments: [(20, "policy/v1beta1"), (21, "policy/v1"), (37, "policy/v1")])
    func `its budget is of the version that is served`(_ minor: Int, _ version: String) throws {
        let budget = try rendering(minor: minor)("PodDisruptionBudget", "ingress-nginx-controller")
        #expect(budget?["apiVersion"] == .string(version))
    }

    @Test func `a single replica has no budget`() throws {
        #expect(try rendering("ingress-nginx: {replicas: 1}\n").of(kind: "PodDisruptionBudget").isEmpty)
    }

    @Test func `parties reach it on the training port`() throws {
        let ports = try rendering()("Service", "ingress-nginx-controller")?["spec", "ports"]?.array ?? []
        #expect(ports.map { $0["nodePort"] } == [30031])

        let balanced = try Rendering.of("coordinator")("Service", "ingress-nginx-controller")
        #expect(balanced?["spec", "ports"]?.array?.map { $0["port"] } == [30031, 443])
        #expect(balanced?["spec", "loadBalancerIP"] == "203.0.113.10")
        #expect(balanced?["spec", "loadBalancerSourceRanges"] == ["198.51.100.7/32", "192.0.2.0/28"])

        let host = try Rendering.of("host-port")
        let container = host("Deployment", "ingress-nginx-controller")?.containers.first
        #expect(container?["ports"]?.array?.compactMap { $0["hostPort"] } == [30031])
        #expect(host("Service", "ingress-nginx-controller")?["spec", "type"] == "ClusterIP")
    }

    @Test func `a controller that is there already gets a Service at most`() throws {
        #expect(try Rendering.of("existing-ingress").objects.allSatisfy { $0.component != "ingress-nginx" })
        let added = try Rendering.of("training-port-of-existing-ingress").objects.filter {
            $0.component == "ingress-nginx"
        }
        #expect(added.map(\.identity) == ["Service infra/iflearner-training"])
        #expect(added.first?["spec", "selector"] == ["app": "nginx"])
        #expect(added.first?["spec", "ports"]?[0]?["nodePort"] == 30031)
    }

    @Test(arguments: [
        ("endpoint: {extraPorts: [443]}\npodSecurity: privileged\ningress-nginx: {type: HostPort}\n", "LoadBalancer"),
        (
            "podSecurity: privileged\nmodules: [ingress-nginx]\ningress: {existing: true}\ningress-nginx: {type: HostPort, existingController: {selector: {a: b}}}\n",
            "NodePort or LoadBalancer"
        ),
    ]) func `a host port that cannot be is refused`(_ lines: String, _ hint: String) throws {
        let plan = try Plans.server(lines)
        let failure = #expect(throws: (any Error).self) { try Rendering(plan) }
        #expect("\(try #require(failure))".contains(hint))
    }
}
