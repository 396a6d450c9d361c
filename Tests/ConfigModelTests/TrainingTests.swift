// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Diagnostics
import Testing
import Values

/// The keys `jobs`, `egress` and `dns`.
@Suite struct `Training in a plan` {
    private static let serverHead = "name: lungnet\nnamespace: iflearner\nrole: server\n"
    private static let federateHead = "name: lungnet\nnamespace: fl\nrole: federate\npartyId: a\n"
    private static let address = "flow-federate: {serverAddress: 'fl.example:443', trainingAddress: 'fl.example:443'}\n"

    /// What follows the head of a server's plan in line 4, and what is said about it.
    static let server: [(text: String, problems: [String])] = [
        ("jobs: {namespace: training, evictionGuard: true}", []),
        (
            "jobs: {allowImages: []}",
            [
                "4:21: error: jobs.allowImages is empty: no training image at all would be allowed | name the beginnings of images, or remove the key for all"
            ]
        ),
        (
            "jobs: {allowImages: [harbor.example/]}",
            [
                "4:21: error: jobs.allowImages does not allow 'ghcr.io/iflytek/iflearner:v0.1.0', the aggregator of every task | add 'ghcr.io/iflytek/'"
            ]
        ),
        ("registry: harbor.example/fl\njobs: {allowImages: [harbor.example/fl/]}", []),
        (
            "jobs: {allowImages: [https://ghcr.io/, 'ghcr.io/*', ghcr.io/Foo]}",
            [
                "4:22: error: jobs.allowImages[0]: 'https://ghcr.io/' is not an image reference: it must not have a scheme",
                "4:40: error: jobs.allowImages[1]: 'ghcr.io/*' is a pattern: a beginning is enough, without '*'",
                "4:53: error: jobs.allowImages[2]: 'ghcr.io/Foo' is not an image reference because of the part 'Foo': capital letters are not allowed",
            ]
        ),
        ("jobs: {allowImages: [ghcr.io]}", []),
        ("jobs: {allowImages: [python:3.9, ghcr.io/iflytek/iflearner]}", []),
        (
            "jobs: {data: [{path: data, existingClaim: a}, {path: /a/../b, existingClaim: a}, {path: /, existingClaim: a}]}",
            [
                "4:22: error: jobs.data[0].path: 'data' is not an absolute path",
                "4:54: error: jobs.data[1].path: '/a/../b' has a part '..': write the path without it",
                "4:89: error: jobs.data[2].path: '/' is the whole node",
            ]
        ),
        (
            "jobs: {data: [{path: /a/, existingClaim: a}, {path: /a//b, existingClaim: a}, {path: '/a:b', existingClaim: a}]}",
            [
                "4:22: error: jobs.data[0].path: '/a/' ends with '/': leave it out",
                "4:53: error: jobs.data[1].path: '/a//b' has two '/' in a row",
                "4:86: error: jobs.data[2].path: '/a:b' has a character that no mount takes",
            ]
        ),
        (
            "jobs: {data: [{path: /a, existingClaim: a}, {path: /a, existingClaim: b}, {path: /a/b, existingClaim: c}]}",
            [
                "4:52: error: jobs.data names '/a' twice | keep one of them",
                "4:82: warning: jobs.data: '/a/b' lies in '/a', but is not seen there: each path gets its own claim alone",
            ]
        ),
        (
            "jobs: {data: [{path: /a}, {path: /b, existingClaim: Bad, readOnly: yes}]}",
            [
                "4:15: error: jobs.data[0] has no 'existingClaim' | add 'existingClaim:', the claim in jobs.namespace that is mounted instead",
                "4:53: error: jobs.data[1].existingClaim: 'Bad' is not a DNS name: lowercase letters, digits, '-' and '.'",
                "4:68: error: jobs.data[1].readOnly: 'yes' is not true or false | write true",
            ]
        ),
        (
            "jobs: {resources: {requests: {cpu: 2}, limits: {cpu: 1}}}",
            [
                "4:36: error: jobs.resources asks for 2 of cpu, but limits it to 1 | raise the limit or lower the request"
            ]
        ),
        (
            "jobs: {resources: {requests: {nvidia.com/gpu: 1}}}",
            [
                "4:47: error: jobs.resources asks for 1 of nvidia.com/gpu, but limits it to nothing | devices and huge pages are not shared: write the limit alone, or the same for both"
            ]
        ),
        ("jobs: {resources: {requests: {nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: '1'}}}", []),
        (
            "jobs: {shmSize: 8Gi, resources: {limits: {memory: 4Gi}}}",
            [
                "4:17: warning: jobs.shmSize is above the memory limit of 4Gi: what is written there counts as the pod's memory | raise jobs.resources.limits.memory, or lower shmSize"
            ]
        ),
        (
            "jobs: {resources: {requests: {gpu: 1, memory: -1}}}",
            [
                "4:31: error: the key 'gpu' in jobs.resources.requests is not a resource: cpu, memory, ephemeral-storage, or a device such as nvidia.com/gpu",
                "4:47: error: jobs.resources.requests.memory: '-1' is not a quantity such as 500m, 2 or 1Gi",
            ]
        ),
        ("jobs: {shmSize: much}", ["4:17: error: jobs.shmSize: 'much' is not a storage size such as 10Gi"]),
        (
            "jobs: {tolerations: [{operator: Maybe}]}",
            [
                "4:22: error: jobs.tolerations[0] has no key | add key, or write operator: Exists for all taints",
                "4:33: error: jobs.tolerations[0].operator: 'Maybe' is not one of Equal, Exists",
            ]
        ),
        (
            "jobs: {labels: {app: x, team: 'a b'}}",
            [
                "4:22: error: jobs.labels: the operator sets 'app' itself, by which a job's Service finds its pod | choose another key",
                "4:31: error: jobs.labels.team: 'a b' is not a label value: at most 63 letters, digits, '-', '_' and '.', with a letter or digit at either end",
            ]
        ),
        (
            "jobs: {env: [{name: A, value: 1}, {name: A, value: b}, {name: 1A, value: c}]}",
            [
                "4:42: error: jobs.env sets 'A' twice | keep one of them",
                "4:63: error: jobs.env[2].name: '1A' is not the name of a variable: letters, digits, '_', '-' and '.', no digit first",
            ]
        ),
        (
            "jobs: {env: [{name: https_proxy, value: 'http://proxy:3128'}]}",
            [
                "4:21: warning: jobs.env: gRPC sends training traffic through https_proxy, and a proxy cannot resolve the names of tasks | write HTTPS_PROXY, which gRPC does not read, and see egress for training traffic"
            ]
        ),
        ("jobs: {env: [{name: TOKENIZERS_PARALLELISM, value: 'false'}, {name: DB_PASSWORD, value: ''}]}", []),
        (
            "jobs: {env: {A: b}}",
            ["4:13: error: jobs.env must be a list, not a mapping"]
        ),
        (
            "operator: {implementation: upstream}\njobs: {shmSize: 1Gi}",
            [
                "5:7: warning: jobs: the upstream operator makes pods as tasks name them, and reads nothing of jobs but namespace | write operator.implementation: builtin"
            ]
        ),
        (
            "dns: {mode: coredns}",
            [
                "4:6: error: dns is for a federate: a server side dials nobody, it is dialled | remove it; what parties dial is said in endpoint",
                "4:13: error: dns.mode: 'coredns' comes with a later version of iflearnerctl | write one of external, hostAliases",
            ]
        ),
    ]

    @Test(arguments: server) func `is checked on a server`(_ text: String, _ expected: [String]) {
        #expect(problems(Self.serverHead + text) == expected.map { "plan.yaml:" + $0 })
    }

    /// The same of a federate, in line 6; its addresses have the port 443.
    static let federate: [(text: String, problems: [String])] = [
        ("egress: {mode: relay, proxy: 'http://proxy.example:3128', noProxy: [.example, 10.0.0.0/8]}", []),
        ("egress: {mode: relay, proxy: 'https://[::1]:3128/'}\ndns: {mode: hostAliases}", []),
        (
            "egress: {mode: relay}",
            [
                "6:16: error: egress.mode: relay goes through a proxy, and egress.proxy names none | add proxy: http://host:port; without a proxy, write mode: direct"
            ]
        ),
        (
            "egress: {mode: relay, proxy: ''}",
            [
                "6:16: error: egress.mode: relay goes through a proxy, and egress.proxy names none | add proxy: http://host:port; without a proxy, write mode: direct"
            ]
        ),
        (
            "egress: {mode: relay, proxy: proxy.example}",
            ["6:30: error: egress.proxy: 'proxy.example' has no scheme: write http://host:port"]
        ),
        (
            "egress: {mode: relay, proxy: 'socks5://proxy.example:1080'}",
            [
                "6:30: error: egress.proxy: 'socks5://proxy.example:1080' is not a proxy that is known: its URL begins with http:// or https://"
            ]
        ),
        (
            "egress: {mode: relay, proxy: 'http://proxy.example'}",
            ["6:30: error: egress.proxy: 'http://proxy.example' has no port: write host:port"]
        ),
        (
            "egress: {mode: relay, proxy: 'http://proxy.example:80/x'}",
            ["6:30: error: egress.proxy: 'http://proxy.example:80/x' must end after its port, without '/'"]
        ),
        (
            "egress: {mode: relay, proxy: 'http://proxy.example:80', noProxy: ['*.a.example', 'a,b', 'http://a', .1.2.3.4]}",
            [
                "6:67: error: egress.noProxy[0]: '*.a.example' is a pattern: write '.a.example', which means all below it",
                "6:82: error: egress.noProxy[1]: 'a,b' holds several: make each of them an item of the list",
                "6:89: error: egress.noProxy[2]: 'http://a' must not have a scheme",
                "6:101: error: egress.noProxy[3]: '.1.2.3.4' is not a host name, a .domain, an address or a range",
            ]
        ),
        (
            "egress: {mode: relay, proxy: 'http://proxy.example:80', proxyCA: corporate-ca}",
            [
                "6:66: warning: egress.proxyCA has no effect: the proxy is spoken to without TLS | write proxy: https://host:port if it speaks TLS, or remove proxyCA"
            ]
        ),
        (
            "egress: {proxyCA: corporate-ca}",
            [
                "6:19: warning: egress.proxyCA has no effect with mode: direct: training uses no proxy | write mode: relay to go through a proxy"
            ]
        ),
        (
            "egress: {proxy: 'http://proxy.example:80', noProxy: [a], proxySecret: login}",
            [
                "6:17: warning: egress.proxy has no effect with mode: direct: training uses no proxy | write mode: relay to go through a proxy",
                "6:53: warning: egress.noProxy has no effect with mode: direct: training uses no proxy | write mode: relay to go through a proxy",
                "6:71: warning: egress.proxySecret has no effect with mode: direct: training uses no proxy | write mode: relay to go through a proxy",
            ]
        ),
        (
            "egress: {mode: relay, proxy: 'http://proxy.example:80'}\ndns: {mode: external}",
            [
                "7:13: warning: dns.mode: external: your own DNS must lead *.server.iflearner.com to Service iflearner-relay | remove it: hostAliases is the default with egress.mode: relay"
            ]
        ),
        (
            "dns: {mode: hostAliases}",
            [
                "5:67: error: dns.mode: hostAliases cannot change the port: training pods dial 30031, and flow-federate.trainingAddress has another | write egress.mode: relay, which can, or the address of a listener on 30031"
            ]
        ),
        (
            "dns: {mode: coredns}",
            [
                "6:13: error: dns.mode: 'coredns' comes with a later version of iflearnerctl | write one of external, hostAliases"
            ]
        ),
        (
            "jobs: {evictionGuard: true}",
            ["6:23: error: jobs.evictionGuard is for a server: it guards running aggregators | remove it"]
        ),
        (
            "operator: {implementation: upstream}\negress: {mode: relay, proxy: 'http://proxy.example:80'}",
            [
                "7:16: warning: the upstream operator writes no hosts files: your own DNS must resolve *.server.iflearner.com | write operator.implementation: builtin"
            ]
        ),
        (
            "modules: [operator]\negress: {mode: relay, proxy: 'http://proxy.example:80'}",
            [
                "5:1: warning: 'flow-federate' is configured, but modules does not name it",
                "7:16: error: egress.mode: relay is a part of flow-federate, which modules does not name | add flow-federate to modules",
            ]
        ),
    ]

    @Test(arguments: federate) func `is checked on a federate`(_ text: String, _ expected: [String]) {
        #expect(problems(Self.federateHead + Self.address + text) == expected.map { "plan.yaml:" + $0 })
    }

    @Test(arguments: [
        ("egress: {mode: relay, proxy: 'http://proxy.example:80'}\n", "egress.mode: relay", "6:16"),
        ("dns: {mode: hostAliases}\n", "dns.mode: hostAliases", "6:13"),
    ]) func `what leads to the server side must be known`(_ lines: String, _ what: String, _ place: String) {
        #expect(
            problems(Self.federateHead + "flow-federate: {serverAddress: 'fl.example:443'}\n" + lines) == [
                "plan.yaml:\(place): error: \(what) needs flow-federate.trainingAddress | add trainingAddress to the block flow-federate: host:port that leads to the server side's training port"
            ])
    }

    @Test(arguments: [
        "egress: {mode: relay, proxy: 'http://user:hunter2@proxy.example:80'}",
        "egress: {mode: relay, proxy: 'user:hunter2@proxy.example:80'}",
        "egress: {mode: relay, proxy: \"http://user:hunter2@proxy.example:80\", noProxy: 7}",
    ]) func `a login in the proxy's URL is refused and never shown`(_ line: String) {
        let error = #expect(throws: PlanError.self) {
            try PlanSource(Array((Self.federateHead + Self.address + line).utf8), file: "plan.yaml").plan()
        }
        let texts = (error?.diagnostics ?? []).map { $0.rendered() }
        #expect(texts.contains { $0.contains("the value holds a login") && $0.contains("egress.proxySecret") })
        for text in texts { #expect(!text.contains("hunter2")) }
    }

    @Test(arguments: ["DB_PASSWORD", "API_TOKEN", "HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "client_secret", "passwd"])
    func `a secret in a variable is refused and never shown`(_ name: String) {
        let error = #expect(throws: PlanError.self) {
            try serverPlan("jobs: {env: [{name: \(name), value: hunter2}]}")
        }
        let texts = (error?.diagnostics ?? []).map { $0.rendered() }
        #expect(texts.first?.contains("a plan must not hold a secret: '\(name)' in jobs.env") == true)
        for text in texts { #expect(!text.contains("hunter2")) }
    }

    @Test func `what is not set is not handed on`() throws {
        let nothing: [String] = [
            "", "jobs: {namespace: training}",
            "jobs: {evictionGuard: false, shmSize: '', labels: {}, env: [], resources: {requests: {}}}",
        ]
        for lines in nothing { #expect(try serverPlan(lines).trainingSettings == [:], "\(lines)") }
        #expect(try serverPlan("jobs: {data: []}").trainingSettings == ["data": []])
        let plan = try serverPlan(
            """
            jobs:
              namespace: training
              labels: {team: fl}
              resources: {requests: {}, limits: {memory: 1Gi}}
              data: [{existingClaim: a, path: /a}, {path: /b, existingClaim: a, readOnly: false}]
              evictionGuard: true
            """)
        #expect(
            plan.chartValues()[path: "global", "jobs"] == [
                "resources": ["limits": ["memory": "1Gi"]], "labels": ["team": "fl"],
                "data": [
                    ["path": "/a", "existingClaim": "a", "readOnly": true],
                    ["path": "/b", "existingClaim": "a", "readOnly": false],
                ], "evictionGuard": true,
            ])
        #expect(plan.jobsNamespace == "training")
        #expect(plan.dataClaims == ["a"])
    }

    @Test(arguments: [
        ("", ClusterPlan.Egress.direct, ClusterPlan.NameResolution.external),
        ("egress: {mode: relay, proxy: 'http://p.example:80'}", .relay, .hostAliases),
        ("egress: {mode: relay, proxy: 'http://p.example:80'}\ndns: {mode: external}", .relay, .external),
    ]) func `a relay is found by hosts files unless the plan says otherwise`(
        _ lines: String, _ egress: ClusterPlan.Egress, _ names: ClusterPlan.NameResolution
    ) throws {
        let plan = try PlanSource(Array((Self.federateHead + Self.address + lines).utf8), file: "plan.yaml").plan()
        #expect(plan.egress == egress)
        #expect(plan.nameResolution == names)
        #expect(plan.chartValues()[path: "global", "dns", "mode"] == .string(names.rawValue))
    }

    @Test(arguments: [
        ("", "harbor.example/fl/iflearnerctl/iflearnerctl:0.2.0"),
        ("operator: {image: 'mine.example/ctl:7'}", "mine.example/ctl:7"),
        ("operator: {imageTag: '7'}", "harbor.example/fl/iflearnerctl/iflearnerctl:7"),
        ("operator: {implementation: upstream, imageTag: v9}", "harbor.example/fl/iflearnerctl/iflearnerctl:0.2.0"),
        ("RELAY: {imageTag: '8'}\noperator: {imageTag: '7'}", "harbor.example/fl/iflearnerctl/iflearnerctl:8"),
        ("RELAY: {image: 'mine.example/relay', imageTag: '9'}", "mine.example/relay:9"),
    ]) func `the relay has the operator's image unless it has its own`(_ lines: String, _ image: String) throws {
        var parts = lines.split(separator: "\n").map(String.init)
        let own = parts.first?.hasPrefix("RELAY: ") == true ? ", relay: " + parts.removeFirst().dropFirst(7) : ""
        let text =
            Self.federateHead
            + "flow-federate: {serverAddress: 'fl.example:443', trainingAddress: 'fl.example:443'\(own)}\n"
            + "registry: harbor.example/fl\n" + parts.joined(separator: "\n") + "\n"
        let direct = try PlanSource(Array(text.utf8), file: "plan.yaml").plan()
        #expect(!direct.images().contains { $0.valuesPath.contains("relay") })
        #expect(direct.chartValues()[path: "flow-federate", "relay", "image"] == nil)
        let relay = "egress: {mode: relay, proxy: 'http://p.example:80', proxySecret: login}\n"
        let plan = try PlanSource(Array((text + relay).utf8), file: "plan.yaml").plan()
        let found = plan.images().filter { $0.valuesPath == ["flow-federate", "relay", "image"] }
        #expect(found.map(\.target) == [image])
        #expect(found.first?.module == .flowFederate)
        #expect(plan.chartValues()[path: "flow-federate", "relay", "image"] == .string(image))
        #expect(plan.expectedSecrets.contains("login"))
        #expect(!direct.expectedSecrets.contains("login"))
    }

    @Test(arguments: [
        ("mode: relay, proxy: 'https://p.example:443', proxyCA: ca", "ca"),
        ("mode: relay, proxy: 'https://p.example:443'", nil),
        ("mode: relay, proxy: 'http://p.example:80', proxyCA: ca", nil), ("proxyCA: ca", nil),
    ]) func `a proxy's authority is wanted where it speaks TLS`(_ egress: String, _ name: String?) throws {
        let text = Self.federateHead + Self.address + "egress: {\(egress)}\n"
        #expect(try PlanSource(Array(text.utf8), file: "plan.yaml").plan().proxyAuthorities == name)
    }

    @Test(arguments: [
        ("", false), ("modules: [mysql, flow-federate, operator, ingress-nginx]", true),
        ("ingress: {existing: true}", true), ("ingress: {className: nginx}", true),
        ("ingress: {annotations: {a: b}}", false),
    ]) func `a federate's jobs are published where a controller is named`(_ lines: String, _ isPublished: Bool) throws {
        let plan = try federatePlan(lines)
        #expect(plan.publishesClients == isPublished)
        #expect(plan.chartValues()[path: "global", "ingress", "clients"] == .bool(isPublished))
    }

    @Test func `variables that sound like secrets are masked where plans are shown`() throws {
        let plan = try serverPlan("jobs: {env: [{name: TOKENIZERS_PARALLELISM, value: 'false'}, {name: B, value: c}]}")
        #expect(
            plan.maskedValue[path: "jobs", "env"] == [
                ["name": "TOKENIZERS_PARALLELISM", "value": "***"], ["name": "B", "value": "c"],
            ])
    }
}
