// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Diagnostics
import Testing
import Values

@Suite struct `Problems of a plan` {
    @Test func `all of them are reported in one run, each with its place`() {
        let text = """
            name: Lungnet
            namespace: iflearner
            role: server
            partyID: 9999
            registry: https://harbor.example
            pullPolicy: ifnotpresent
            persistence: yes
            modules: [mysql, flow-serve, operator, mysql]
            endpoint: {flowPort: 70000}
            egress: {mode: relay}
            flow-server:
              type: NodePort
              nodePort: 8080
              replcas: 2
            mysql:
              size: 10 GB
              password: secret
            """
        #expect(
            problems(text) == [
                "plan.yaml:1:7: error: name: 'Lungnet' is not a DNS label: lowercase letters, digits and '-', not at either end",
                "plan.yaml:4:1: error: unknown key 'partyID' (did you mean 'partyId'?)",
                "plan.yaml:5:11: error: registry: 'https://harbor.example' must not have a scheme: write host/path",
                "plan.yaml:6:13: error: pullPolicy: 'ifnotpresent' is not one of IfNotPresent, Always, Never (did you mean 'IfNotPresent'?)",
                "plan.yaml:7:14: error: persistence: 'yes' is not true or false | write true",
                "plan.yaml:8:18: error: unknown module 'flow-serve' (did you mean 'flow-server'?) | the modules are mysql, flow-server, flow-federate, operator, ingress-nginx",
                "plan.yaml:8:40: error: module 'mysql' is named twice",
                "plan.yaml:9:22: error: endpoint.flowPort: 70000 is out of range | write a number from 1 to 65535",
                "plan.yaml:10:9: error: egress is for a federate: a server side dials nobody, it is dialled | remove it; what parties dial is said in endpoint",
                "plan.yaml:13:13: error: flow-server.nodePort: 8080 is not a node port | write a number from 30000 to 32767, or 0 for any",
                "plan.yaml:14:3: error: unknown key 'replcas' in flow-server | did you mean flow-federate.relay.replicas, ingress-nginx.replicas?",
                "plan.yaml:16:9: error: mysql.size: '10 GB' is not a storage size such as 10Gi",
                "plan.yaml:17:3: error: a plan must not hold a password: 'password' in mysql | put it into a Secret, under the keys root-password and password, and name it in mysql.existingSecret; without one, passwords are generated",
            ])
    }

    @Test func `a problem shows its line, but not a password`() {
        let text = "name: x\nnamespace: y\nrole: server\nmysql: {size: big}\n"
        let error = #expect(throws: PlanError.self) { try PlanSource(Array(text.utf8), file: "plan.yaml").plan() }
        #expect(
            error?.diagnostics.first?.rendered() == """
                error: plan.yaml:4:15: mysql.size: 'big' is not a storage size such as 10Gi
                  mysql: {size: big}
                                ^
                """)
        let hidden = #expect(throws: PlanError.self) { try serverPlan("mysql: {rootPassword: hunter2}") }
        #expect(hidden?.diagnostics.map { $0.rendered().contains("hunter2") } == [false])
    }

    @Test(arguments: [
        "mysql: {password: hunter2, size: bad}", "mysql: {'rootPassword' : hunter2, size: bad}", "db_password: hunter2",
        "mysql: {password: hunter2, password: hunter2}", "apiToken: hunter2\ttoken: [",
        "mysql:\n  password: hunter2: x\n",
    ])
    func `a line with a password is never shown`(_ lines: String) {
        let error = #expect(throws: PlanError.self) { try serverPlan(lines) }
        for diagnostic in error?.diagnostics ?? [] { #expect(!diagnostic.rendered().contains("hunter2")) }
    }

    static let head = "name: lungnet\nnamespace: iflearner\nrole: server\n"

    /// What follows the head of a server's plan, and what is said about it.
    static let server: [(text: String, problems: [String])] = [
        // Shapes.
        ("modules: mysql", ["4:10: error: modules must be a list, not a text | write [mysql]"]),
        (
            "imagePullSecrets: harbor",
            ["4:19: error: imagePullSecrets must be a list, not a text | write [{name: harbor}]"]
        ),
        (
            "imagePullSecrets: [harbor]",
            ["4:20: error: imagePullSecrets[0] must be a mapping, not a text | write {name: harbor}"]
        ),
        ("mysql: [1]", ["4:8: error: mysql must be a mapping, not a list"]),
        ("endpoint: {flowPort: [1]}", ["4:22: error: endpoint.flowPort must be a whole number, not a list"]),
        ("pullPolicy: {a: 1}", ["4:13: error: pullPolicy must be one of IfNotPresent, Always, Never, not a mapping"]),
        (
            "? [a]\n: 1",
            ["4:3: error: a key must be a word, not a list | put a value that starts with '{' or '[' in quotes"]
        ),
        // Booleans and numbers of YAML 1.1.
        ("persistence: 'true'", ["4:14: error: persistence: 'true' is not true or false | write true, without quotes"]),
        ("persistence: off", ["4:14: error: persistence: 'off' is not true or false | write false"]),
        ("persistence: 1", ["4:14: error: persistence: '1' is not true or false"]),
        (
            "endpoint: {flowPort: '32235'}",
            ["4:22: error: endpoint.flowPort: '32235' is a text, not a number | remove the quotes"]
        ),
        (
            "endpoint: {flowPort: 032235}",
            ["4:22: error: endpoint.flowPort: '032235' would be an octal number | remove the zeros at its front"]
        ),
        (
            "endpoint: {flowPort: 1e3}",
            ["4:22: error: endpoint.flowPort: '1e3' is not a whole number | write digits alone"]
        ),
        (
            "endpoint: {flowPort: 99999999999999999999}",
            ["4:22: error: endpoint.flowPort: 99999999999999999999 is out of range | write a number from 1 to 65535"]
        ),
        (
            "endpoint: {flowPort: 0}",
            ["4:22: error: endpoint.flowPort: 0 is out of range | write a number from 1 to 65535"]
        ),
        // Keys of others.
        ("externalMysqlIp: a", ["4:1: error: unknown key 'externalMysqlIp' | write mysql.external.ip"]),
        (
            "mysql: {externalMysqlPassword: a}",
            [
                "4:9: error: a plan must not hold a password: 'externalMysqlPassword' in mysql | put it into a Secret, under the key password, and name it in mysql.external.passwordSecret"
            ]
        ),
        (
            "mysql: {ip: a}",
            ["4:9: error: unknown key 'ip' in mysql | for a database that is there already, write mysql.external.ip"]
        ),
        ("computing: Eggroll", ["4:1: error: the key 'computing' belongs to FATE; iflearner has none | remove it"]),
        ("size: 1Gi", ["4:1: error: unknown key 'size' | it belongs into a block: mysql.size, mysql.backup.size"]),
        ("zzz: 1", ["4:1: error: unknown key 'zzz'"]),
        (
            "ingress: {gateway: {name: public}}",
            [
                "4:11: error: the key 'ingress.gateway' comes with a later version of iflearnerctl | remove it, or name it in skippedKeys to leave it in the file"
            ]
        ),
        (
            "partyList: []",
            [
                "4:1: error: the key 'partyList' comes with a later version of iflearnerctl | remove it, or name it in skippedKeys to leave it in the file"
            ]
        ),
        (
            "flow-server: {loadBalancerSourceRanges: fromParties}",
            [
                "4:41: error: flow-server.loadBalancerSourceRanges: 'fromParties' comes with a later version of iflearnerctl | write the parties' addresses, such as [192.0.2.0/28]"
            ]
        ),
        ("mysql: {<<: 1}", ["4:13: error: '<<' merges a mapping or a list of mappings, not a number"]),
        // Twice.
        ("role: server", ["4:1: error: key 'role' is written twice | keep one of the two"]),
        ("partyId: a\nfederateId: b", ["5:13: error: partyId and federateId are two names for one key | keep partyId"]),
        // Modules.
        (
            "modules: [flow-server]",
            [
                "4:10: error: 'flow-server' needs a database | add 'mysql' to modules, or say in mysql.external where one is"
            ]
        ),
        (
            "modules: [mysql, flow-federate]",
            [
                "4:18: error: module 'flow-federate' is not for a server | the modules of a server are mysql, flow-server, operator, ingress-nginx"
            ]
        ),
        (
            "modules: []",
            ["4:10: error: modules is empty | name what to install, or remove the key for all of a server"]
        ),
        (
            "ingress: {existing: true}",
            [
                "4:21: error: ingress.existing uses a controller that is there already, but modules has ingress-nginx | remove ingress-nginx from modules, or say in ingress-nginx.existingController.selector which pods get a Service"
            ]
        ),
        (
            "flow-federate: {serverAddress: 'a:1'}",
            ["4:1: warning: 'flow-federate' is configured, but modules does not name it"]
        ),
        // Identity.
        ("chartName: fate", ["4:12: error: chartName: 'fate' is not one of iflearner-flow"]),
        (
            "chartVersion: v9.9.9",
            ["4:15: error: unknown chartVersion 'v9.9.9' | this build holds v0.2.0 of iflearner-flow"]
        ),
        ("partyId: hospital-one", ["4:10: error: partyId: 'hospital-one' has 12 characters, at most 10 are possible"]),
        (
            "partyId: -a",
            ["4:10: error: partyId: '-a' is not a DNS label: lowercase letters, digits and '-', not at either end"]
        ),
        (
            "endpoint: {trainingPort: 31000}",
            [
                "4:26: warning: endpoint.trainingPort: the stock flow images dial 30031, whatever is written here | keep 30031 unless the parties have a relay"
            ]
        ),
        // Names, quantities, addresses, images.
        (
            "commonLabels: {a b: c}",
            [
                "4:16: error: the key 'a b' in commonLabels is not a key: at most 63 letters, digits, '-', '_' and '.', with a letter or digit at either end"
            ]
        ),
        (
            "commonLabels: {a: 'b c'}",
            [
                "4:19: error: commonLabels.a: 'b c' is not a label value: at most 63 letters, digits, '-', '_' and '.', with a letter or digit at either end"
            ]
        ),
        (
            "mysql: {resources: {requests: {memory: 1GB}}}",
            ["4:40: error: mysql.resources.requests.memory: '1GB' is not a quantity such as 500m, 2 or 1Gi"]
        ),
        (
            "mysql: {resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}}",
            [
                "4:37: error: mysql.resources asks for 2 of cpu, but limits it to 1500m | raise the limit or lower the request"
            ]
        ),
        ("mysql: {resources: {requests: {memory: 1.5Gi}, limits: {memory: 2Gi}}}", []),
        ("mysql: {resources: {requests: {memory: 1.}, limits: {memory: 1k}}}", []),
        (
            "mysql: {resources: {request: {cpu: 2}}}",
            ["4:21: error: unknown key 'request' in mysql.resources (did you mean 'requests'?)"]
        ),
        (
            "flow-server: {image: 'Foo/bar'}",
            [
                "4:22: error: flow-server.image: 'Foo/bar' is not an image reference because of the part 'Foo': capital letters are not allowed"
            ]
        ),
        ("flow-server: {image: 'a:b:c'}", ["4:22: error: flow-server.image: 'a:b:c' has a bad tag after its last ':'"]),
        (
            "flow-server: {image: 'a:1', imageTag: '2'}",
            ["4:39: error: flow-server.image has a tag already | remove imageTag, or the end of image"]
        ),
        (
            "mysql: {imageTag: 9.1.0}",
            [
                "4:19: error: MySQL 9.1.0 cannot serve the flow images: they log in by mysql_native_password, which MySQL 9 removed | use 8.0 or 8.4"
            ]
        ),
        (
            "flow-server: {type: LoadBalancer, loadBalancerIP: 1.2.3}",
            ["4:51: error: flow-server.loadBalancerIP: '1.2.3' is not an IP address"]
        ),
        (
            "flow-server: {type: LoadBalancer, loadBalancerSourceRanges: [1.2.3.4]}",
            [
                "4:62: error: flow-server.loadBalancerSourceRanges[0]: '1.2.3.4' is not an address range such as 192.0.2.0/24"
            ]
        ),
        (
            "flow-server: {loadBalancerIP: 1.2.3.4}",
            ["4:31: warning: flow-server.loadBalancerIP has no effect with type: ClusterIP"]
        ),
        (
            "ingress-nginx: {workerShutdownTimeout: long}",
            ["4:40: error: ingress-nginx.workerShutdownTimeout: 'long' is not a duration such as 30s, 10m or 6h"]
        ),
        (
            "ingress-nginx: {type: HostPort}",
            [
                "4:23: error: ingress-nginx.type: HostPort is not possible with podSecurity: baseline | write type: NodePort or LoadBalancer, or podSecurity: privileged"
            ]
        ),
        // Node ports.
        (
            "flow-server: {type: NodePort}\nendpoint: {flowPort: 443}",
            ["5:22: error: endpoint.flowPort: 443 is not a node port | write a number from 30000 to 32767"]
        ),
        (
            "flow-server: {type: NodePort, nodePort: 30031}",
            [
                "4:41: error: flow-server.nodePort and endpoint.trainingPort both ask for node port 30031 | give one of them another port"
            ]
        ),
        (
            "flow-server: {type: NodePort, nodePort: 31000}\nmysql: {type: NodePort, nodePort: 31000}",
            [
                "4:41: error: mysql.nodePort and flow-server.nodePort both ask for node port 31000 | give one of them another port"
            ]
        ),
        (
            "flow-server: {nodePort: 31000}",
            ["4:25: warning: flow-server.nodePort has no effect with type: ClusterIP | write type: NodePort"]
        ),
        // Storage.
        (
            "mysql: {existingClaim: a, nfs: {server: b, path: /c}}",
            ["4:32: error: mysql.nfs and mysql.existingClaim are two places for the same data | keep one of them"]
        ),
        ("mysql: {nfs: {server: b}}", ["4:14: error: mysql.nfs has no 'path' | add 'path:', the exported folder"]),
        (
            "mysql: {hostPath: data}",
            [
                "4:19: error: mysql.hostPath: 'data' is not an absolute path without '..'"
            ]
        ),
        (
            "mysql: {backup: {beforeUpgrade: true}}",
            ["4:33: error: mysql.backup.beforeUpgrade needs mysql.backup.enabled | add enabled: true to mysql.backup"]
        ),
        (
            "mysql: {existingClaim: a, storageClass: b}",
            ["4:41: warning: mysql.storageClass has no effect beside mysql.existingClaim"]
        ),
        (
            "clusterScoped: expect\nmysql: {nfs: {server: a, path: /b}}",
            [
                "5:14: warning: mysql.nfs needs a PersistentVolume, which clusterScoped: expect leaves to the administrator | 'iflearnerctl cluster render --scope cluster' prints it"
            ]
        ),
        // Tolerations and what is handed on.
        (
            "operator: {tolerations: [{operator: Exists, value: a}]}",
            [
                "4:52: error: operator.tolerations[0]: operator Exists takes no value | remove value, or write operator: Equal"
            ]
        ),
        (
            "operator: {tolerations: [{effect: NoSchedule}]}",
            ["4:26: error: operator.tolerations[0] has no key | add key, or write operator: Exists for all taints"]
        ),
        ("operator: {values: {a: 1, a: 2}}", ["4:27: error: key 'a' is written twice | keep one of the two"]),
        (
            "mysql: {values: {auth: {rootPassword: x}}}",
            [
                "4:25: error: a plan must not hold a password: 'rootPassword' in mysql.values | put it into a Secret, under the keys root-password and password, and name it in mysql.existingSecret; without one, passwords are generated"
            ]
        ),
    ]

    @Test(arguments: server) func `of a server`(_ text: String, _ expected: [String]) {
        #expect(problems(Self.head + text) == expected.map { "plan.yaml:" + $0 })
    }

    @Test func `of a federate that says too little`() {
        #expect(
            problems("name: a\nnamespace: b\nrole: federate\nflow-federate: {serverAddress: http://a:1}\n") == [
                "plan.yaml:3:7: error: a federate needs 'partyId' | add 'partyId:', our federate id: at most 10 of [a-z0-9-], unique in the federation",
                "plan.yaml:4:32: error: flow-federate.serverAddress: 'http://a:1' must be host:port, without a scheme",
            ])
        #expect(
            problems("name: a\nnamespace: b\nrole: federate\npartyId: a\n") == [
                "plan.yaml:3:7: error: a federate needs 'flow-federate.serverAddress' | add 'serverAddress:' to the block 'flow-federate': host:port of flow-server as seen from here"
            ])
    }

    @Test(arguments: [
        ("", "plan.yaml:1:1: error: the plan is empty | write one with 'iflearnerctl init'"),
        ("# nothing\n", "plan.yaml:1:1: error: the plan is empty | write one with 'iflearnerctl init'"),
        (
            "- a\n",
            "plan.yaml:1:1: error: a plan must be a mapping of keys, not a list | write one with 'iflearnerctl init'"
        ),
        (
            "hello\n",
            "plan.yaml:1:1: error: a plan must be a mapping of keys, not a text | write one with 'iflearnerctl init'"
        ),
        (
            "name: a\n\tnamespace: b\n",
            "plan.yaml:2:1: error: a tab cannot be used for indentation | indent with spaces"
        ),
        (
            "name: a\n---\nname: b\n",
            "plan.yaml:3:1: error: a second document starts here, but one is expected | keep one document in the file: remove the '---' line or what follows it"
        ),
        ("name: \u{0}", "plan.yaml:1:7: error: a NUL byte is not allowed in YAML | is this a binary file?"),
    ])
    func `of a text that is no plan`(_ text: String, _ expected: String) {
        #expect(problems(text) == [expected])
    }

    @Test func `what a plan cannot do without`() {
        #expect(
            problems("chartName: iflearner-flow\n") == [
                "plan.yaml:1:1: error: the plan has no 'name' | add 'name:', name of this deployment, unique in its namespace",
                "plan.yaml:1:1: error: the plan has no 'namespace' | add 'namespace:', where it is installed; made when it is missing",
                "plan.yaml:1:1: error: the plan has no 'role' | add 'role:', which side of the federation this is",
            ])
    }

    @Test func `skipped keys are left alone wherever they stand`() throws {
        let plan = try serverPlan("note: {a: 1}\nskippedKeys: [note, egress]\negress: x\nmysql: {note: y, size: 1Gi}\n")
        #expect(plan.block(of: .mysql)["note"] == nil)
        #expect(plan.written["egress"] == nil)
    }

    @Test func `anchors and merge keys work, and what is written wins`() throws {
        let plan = try serverPlan(
            """
            skippedKeys: [common]
            common: &c {nodeSelector: {disk: ssd}, imageTag: v1}
            flow-server: {<<: *c, imageTag: v2}
            operator: {<<: [*c]}
            """)
        #expect(plan.block(of: .flowServer)["imageTag"] == "v2")
        #expect(plan.block(of: .flowServer)["nodeSelector"] == ["disk": "ssd"])
        #expect(plan.block(of: .operator)["imageTag"] == "v1")
    }

    @Test func `a large text that is no plan is refused soon, with its first problems`() {
        let text = (0..<20_000).map { "key\($0): 1\n" }.joined()
        let time = ContinuousClock().measure { #expect(problems(text).count == 100) }
        #expect(time < .seconds(5))
        let twice = String(repeating: "a: 1\n", count: 20_000)
        #expect(problems(twice).count == 100)
    }

    @Test func `an alias bomb is refused at once`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(problems(text).count == 1)
        }
        #expect(time < .milliseconds(500))
    }
}
