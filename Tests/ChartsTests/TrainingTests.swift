// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Crypto
import JobOperator
import Testing
import Values
import YAMLText

/// What training pods get: the ConfigMap that the operator reads.
@Suite struct `Training pods` {
    private func policy(_ rendering: Rendering, _ role: String) throws -> Value? {
        guard let map = rendering("ConfigMap", "iflearner-jobs-\(role)") else { return nil }
        let text = try #require(map["data", "policy.yaml"]?.string)
        return try Value(yaml: Array(text.utf8), file: "policy.yaml")
    }

    @Test func `of a hospital`() throws {
        let rendering = try Rendering.of("hospital")
        #expect(rendering("ConfigMap", "iflearner-jobs-client")?.namespace == "fl-lungnet")
        #expect(
            try policy(rendering, "client") == [
                "registry": "harbor.klinik.local/fl",
                "registryMirrors": ["ghcr.io": "harbor.klinik.local/ghcr", "docker.io": "harbor.klinik.local/hub"],
                "imagePullSecrets": [["name": "harbor-pull"]],
                "allowImages": ["harbor.klinik.local/", "ghcr.io/iflytek/"],
                "resources": [
                    "requests": ["cpu": "4", "memory": "16Gi"], "limits": ["memory": "32Gi", "nvidia.com/gpu": "1"],
                ],
                "nodeSelector": ["gpu": "a30"],
                "tolerations": [["key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"]],
                "runtimeClassName": "nvidia", "shmSize": "8Gi",
                "data": [
                    ["path": "/data/lung-ct", "existingClaim": "lung-ct-training", "readOnly": true],
                    ["path": "/data/scratch", "existingClaim": "scratch", "readOnly": false],
                ],
                "env": [["name": "OMP_NUM_THREADS", "value": "4"]],
                "labels": ["cost-centre": "4711", "team": "radiology"], "podSecurity": "restricted",
                "hostAliases": ["service": ["namespace": "fl-lungnet", "name": "iflearner-relay"]],
            ])
    }

    @Test func `of a coordinator`() throws {
        let rendering = try Rendering.of("coordinator")
        #expect(rendering("ConfigMap", "iflearner-jobs-server")?.namespace == "default")
        #expect(
            try policy(rendering, "server") == [
                "resources": ["requests": ["cpu": "2", "memory": "4Gi"]], "podSecurity": "baseline",
                "evictionGuard": true, "ingress": ["className": "nginx", "controller": "nginx"],
            ])
    }

    @Test func `of a party without a proxy that lets others in`() throws {
        #expect(
            try policy(try Rendering.of("hosts-files"), "client") == [
                "ingress": [
                    "className": "inside", "controller": "nginx", "annotations": ["example.com/limit": "7"],
                ], "hostAliases": ["host": "2001:db8::1"],
            ])
    }

    /// The operator reads strictly: what it does not understand is held against every task.
    @Test(arguments: Plans.names) func `are told of in words that the operator reads`(_ name: String) throws {
        for map in try Rendering.of(name).of(kind: "ConfigMap") where map.name.hasPrefix("iflearner-jobs-") {
            let role = try #require(JobRole(rawValue: String(map.name.dropFirst("iflearner-jobs-".count))))
            #expect(JobContract.policy(for: role).configMap == map.name)
            let text = try #require(map["data", JobContract.policy(for: role).key]?.string)
            let policy = try JobPolicy(
                reading: text, of: JobKey(namespace: map.namespace ?? "", name: map.name))
            #expect(policy != JobPolicy())
        }
    }

    @Test func `get all of a hospital's settings`() throws {
        let map = try #require(try Rendering.of("hospital")("ConfigMap", "iflearner-jobs-client"))
        let policy = try JobPolicy(
            reading: map["data", "policy.yaml"]?.string ?? "", of: JobKey(namespace: "fl-lungnet", name: map.name))
        #expect(policy.hostAliases == .service(namespace: "fl-lungnet", name: "iflearner-relay"))
        #expect(policy.podSecurity == .restricted)
        #expect(policy.data?.map(\.readOnly) == [true, false])
        #expect(policy.resources.limits["nvidia.com/gpu"] == "1")
        #expect(policy.env.first?.value == "4")
        #expect(policy.confinesTasks)
    }

    /// Upstream's behaviour: nothing tells the operator otherwise.
    @Test(arguments: ["", "jobs: {namespace: training}\n", "commonLabels: {a: b}\npodSecurity: restricted\n"])
    func `are made as jobs say where the plan asks for nothing`(_ lines: String) throws {
        for plan in [try Plans.server(lines), try Plans.federate(lines)] {
            let maps = try Rendering(plan).of(kind: "ConfigMap").map(\.name)
            #expect(!maps.contains { $0.hasPrefix("iflearner-jobs") }, "\(maps)")
        }
    }

    @Test(
        arguments: [
            ("imagePullSecrets: [{name: pull}]\n", ["imagePullSecrets": [["name": "pull"]]]),
            ("registry: a.example\n", ["registry": "a.example"]),
            ("registryMirrors: {ghcr.io: a.example}\n", ["registryMirrors": ["ghcr.io": "a.example"]]),
            ("jobs: {data: []}\n", ["data": [], "podSecurity": "baseline"]),
            // The operator's own label cannot be taken.
            (
                "jobs: {shmSize: 1Gi}\ncommonLabels: {app: x}\n",
                ["shmSize": "1Gi", "podSecurity": "baseline"]
            ),
            (
                "jobs: {labels: {a: own}}\ncommonLabels: {a: b, c: d}\npodSecurity: openshift\n",
                ["labels": ["a": "own", "c": "d"], "podSecurity": "openshift"]
            ),
        ] as [(String, Value)])
    func `get what one key asks for`(_ lines: String, _ expected: Value) throws {
        #expect(try policy(try Rendering(try Plans.federate(lines)), "client") == expected)
        var ofServer = expected
        ofServer["ingress"] = ["className": "nginx", "controller": "nginx"]
        #expect(try policy(try Rendering(try Plans.server(lines)), "server") == ofServer)
    }

    @Test(arguments: ["className: haproxy", "controller: haproxy", "annotations: {a: b}"])
    func `get an Ingress of the class that the plan names`(_ line: String) throws {
        let plan = try Plans.server(
            "modules: [mysql, flow-server, operator]\ningress: {existing: true, \(line)}\n")
        var ingress: Value = ["className": "nginx", "controller": "nginx"]
        let key = String(line.prefix { $0 != ":" })
        ingress[key] = plan.value[path: "ingress", key]
        #expect(try policy(try Rendering(plan), "server") == ["ingress": ingress])
    }

    @Test func `change without a restart`() throws {
        func templates(_ lines: String) throws -> [Value] {
            try Rendering(try Plans.server(lines)).objects.compactMap(\.podTemplate)
        }
        #expect(
            try templates("jobs: {shmSize: 1Gi}\n")
                == (try templates("jobs: {shmSize: 2Gi, env: [{name: A, value: b}]}\n")))
        #expect(try templates("jobs: {shmSize: 1Gi}\n") == (try templates("")))
    }
}

@Suite struct `The relay` {
    private func arguments(_ rendering: Rendering) -> [String] {
        rendering("Deployment", "iflearner-relay")?.containers.first?["args"]?.strings ?? []
    }

    @Test func `tunnels to both addresses of the server side`() throws {
        let rendering = try Rendering.of("hospital")
        #expect(rendering("Deployment", "iflearner-relay")?.containers.first?["command"] == ["iflearnerctl", "relay"])
        #expect(
            arguments(rendering) == [
                "--listen=30031=fl.coord.example:443", "--listen=1235=fl.coord.example:443",
                "--proxy=http://proxy.klinik.local:3128", "--no-proxy=.klinik.local,.svc,.cluster.local",
                "--proxy-credentials-dir=/etc/iflearner/proxy", "--health-probe-bind-address=:8081",
            ])
        #expect(rendering("Deployment", "iflearner-relay")?.component == "flow-federate")
        let service = rendering("Service", "iflearner-relay")
        #expect(service?["spec", "type"] == "ClusterIP")
        #expect(service?["spec", "ports"]?.array?.map { $0["port"] } == [30031, 1235])
    }

    @Test func `stands between flow-federate and its server`() throws {
        let address = "iflearner-relay.fl-lungnet.svc.cluster.local:1235"
        let rendering = try Rendering.of("hospital")
        let secret = try #require(rendering("Secret", "flow-federate")?["data", "flow_federate.yaml"]?.string)
        let configuration = try Value(yaml: Base64.decode(secret), file: "flow_federate.yaml")
        #expect(configuration[path: "flow", "federate_server_addr"] == .string(address))
        let variables = rendering("Deployment", "flow-federate")?.containers.first?["env"]?.array ?? []
        #expect(variables.first { $0["name"] == "IFLEARNER_SERVER" }?["value"] == .string(address))
    }

    @Test func `knows the proxy's login from files`() throws {
        let spec = try #require(try Rendering.of("hospital")("Deployment", "iflearner-relay")?.podSpec)
        let secret = spec["volumes"]?[0]?["secret"]
        #expect(secret?["secretName"] == "proxy-login")
        #expect(secret?["defaultMode"] == 0o440)
        #expect(secret?["items"]?.array?.map { $0["key"] } == ["username", "password"])
        #expect(spec[path: "securityContext", "fsGroup"] == 65532)
        let without = try Rendering(try Plans.relayed())("Deployment", "iflearner-relay")
        #expect(without?.podSpec?["volumes"] == nil)
        #expect(without?.containers.first?["volumeMounts"] == nil)
    }

    @Test func `judges a proxy over TLS by the plan's authority`() throws {
        let lines = "proxySecret: login, proxyCA: corporate-ca"
        var values = Plans.values(of: try Plans.relayed("", lines), minor: 36)
        let plain = try Rendering(values: values)
        // A proxy without TLS shows nobody a certificate.
        #expect(!arguments(plain).contains { $0.hasPrefix("--proxy-ca-file") })
        values.set("https://proxy.example:3129", at: ["global", "egress", "proxy"])
        let secure = try Rendering(values: values)
        #expect(arguments(secure).contains("--proxy-ca-file=/etc/iflearner/proxy-ca/ca.crt"))
        let deployment = try #require(secure("Deployment", "iflearner-relay"))
        let volumes = deployment.podSpec?["volumes"]?.array ?? []
        #expect(volumes.map { $0["name"] } == ["proxy", "proxy-ca"])
        #expect(
            volumes.last?["configMap"] == ["name": "corporate-ca", "items": [["key": "ca.crt", "path": "ca.crt"]]])
        let mounts = deployment.containers.first?["volumeMounts"]?.array ?? []
        #expect(
            mounts.last == ["name": "proxy-ca", "mountPath": "/etc/iflearner/proxy-ca", "readOnly": true])
        values.set("", at: ["global", "egress", "proxySecret"])
        let alone = try Rendering(values: values)("Deployment", "iflearner-relay")
        #expect(alone?.podSpec?["volumes"]?.array?.map { $0["name"] } == ["proxy-ca"])
    }

    @Test func `cuts no training`() throws {
        let deployment = try #require(try Rendering.of("hospital")("Deployment", "iflearner-relay"))
        #expect(deployment["spec", "replicas"] == 1)
        #expect(deployment["spec", "strategy", "rollingUpdate"] == ["maxUnavailable": 0, "maxSurge": 1])
        #expect(deployment.podSpec?["terminationGracePeriodSeconds"] == 21600)
        #expect(try Rendering.of("hospital").of(kind: "PodDisruptionBudget").isEmpty)
        let budget = try Rendering.of("relay-elsewhere")("PodDisruptionBudget", "iflearner-relay")
        #expect(budget?["spec", "maxUnavailable"] == 1)
    }

    @Test func `has no rights, a closed root and nothing of flow-federate but its place`() throws {
        let rendering = try Rendering.of("relay-elsewhere")
        let deployment = try #require(rendering("Deployment", "iflearner-relay"))
        #expect(deployment.podSpec?["automountServiceAccountToken"] == false)
        #expect(deployment.podSpec?["nodeSelector"] == ["disk": "ssd"])
        #expect(deployment.podSpec?[path: "securityContext", "runAsUser"] == 65532)
        let container = try #require(deployment.containers.first)
        #expect(container[path: "securityContext", "readOnlyRootFilesystem"] == true)
        #expect(container["image"] == "mine.example/iflearnerctl:7")
        #expect(container["resources"] == ["requests": ["cpu": "50m"]])
        let bindings = rendering.of(kind: "RoleBinding").flatMap { $0["subjects"]?.array ?? [] }
        #expect(!bindings.contains { $0["name"] == "iflearner-relay" })
        let policy = rendering("NetworkPolicy", "iflearner-relay")
        #expect(policy?["spec", "ingress"]?[0]?["from"] == [["namespaceSelector": [:]]])
    }

    @Test func `is not there without a word`() throws {
        let rendering = try Rendering.of("federate")
        #expect(!rendering.objects.contains { $0.name == "iflearner-relay" })
    }

    /// With plain Helm nobody has checked the values.
    @Test(arguments: [
        (["global", "egress", "proxy"], "", "global.egress.proxy is empty"),
        (["flow-federate", "trainingAddress"], "", "flow-federate.trainingAddress is empty"),
        (["global", "egress", "proxy"], "http://user:word@proxy.example:80", "proxy"),
    ]) func `needs its values`(_ path: [String], _ value: String, _ message: String) throws {
        var values = Plans.values(of: try Plans.relayed(), minor: 36)
        values.set(.string(value), at: path)
        let failure = #expect(throws: (any Error).self) { try Rendering(values: values) }
        #expect("\(try #require(failure))".contains(message))
    }
}
