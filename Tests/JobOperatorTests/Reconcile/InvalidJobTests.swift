// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Testing
import Values

/// Jobs that cannot be run, which nobody else notices: D10, D11 and D21.
@Suite struct InvalidJobTests {
    /// A spec that is not what it must be, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var spec: Value?
        var message: String
        var testDescription: String { message }

        init(_ spec: Value?, _ message: String) {
            self.spec = spec
            self.message = message
        }
    }

    private static let container: Value = ["name": "c", "image": "i:1"]

    private static func job(_ fields: Mapping) -> Value {
        var spec: Mapping = [
            "role": "server", "host": "h.example", "template": ["spec": ["containers": [container]]],
        ]
        for (key, value) in fields { spec[key] = value }
        return .mapping(spec)
    }

    private static func pod(_ fields: Mapping) -> Value {
        var spec: Mapping = ["containers": [container]]
        for (key, value) in fields { spec[key] = value }
        return job(["template": ["spec": .mapping(spec)]])
    }

    static let cases = [
        Case(nil, "spec is missing"),
        Case("text", "spec is a string: it must be an object"),
        Case([1], "spec is a list: it must be an object"),
        Case([:], "spec.role is missing"),
        Case(job(["role": 5]), "spec.role is an integer (5): it must be a string"),
        Case(job(["role": ""]), "spec.role is empty"),
        Case(job(["role": "Server"]), "spec.role is 'Server': it must be server or client"),
        Case(job(["role": nil]), "spec.role is missing"),
        Case(job(["host": nil]), "spec.host is missing"),
        Case(job(["host": ""]), "spec.host is empty"),
        Case(job(["host": ["a"]]), "spec.host is a list ([\"a\"]): it must be a string"),
        Case(job(["host": "UPPER.example"]), "spec.host is 'UPPER.example': it is not a DNS name"),
        Case(job(["host": "10.0.0.1"]), "spec.host is '10.0.0.1': it must be a DNS name and not an IP address"),
        Case(job(["host": "a..b"]), "spec.host is 'a..b': it is not a DNS name"),
        Case(job(["host": "*."]), "spec.host is '*.': it is not a DNS name"),
        Case(job(["host": "a.*.b"]), "spec.host is 'a.*.b': it is not a DNS name"),
        Case(
            job(["host": .string(String(repeating: "a", count: 254))]),
            "spec.host is '\(String(repeating: "a", count: 100))…': it has 254 characters"),
        Case(job(["schedulername": 1]), "spec.schedulername is an integer (1): it must be a string"),
        Case(job(["template": nil]), "spec.template is missing"),
        Case(job(["template": "t"]), "spec.template is a string (\"t\"): it must be an object"),
        Case(job(["template": ["spec": nil]]), "spec.template.spec is missing"),
        Case(job(["template": ["spec": 1.5]]), "spec.template.spec is a number (1.5): it must be an object"),
        Case(job(["template": ["spec": [:]]]), "spec.template.spec.containers is missing"),
        Case(
            job(["template": ["metadata": [1], "spec": ["containers": [container]]]]),
            "spec.template.metadata is a list ([1]): it must be an object"),
        Case(
            job(["template": ["metadata": ["labels": ["a": 1]], "spec": ["containers": [container]]]]),
            "spec.template.metadata.labels.a is an integer (1): it must be a string"),
        Case(
            job(["template": ["metadata": ["annotations": true], "spec": ["containers": [container]]]]),
            "spec.template.metadata.annotations is a boolean (true): it must be an object"),
        Case(pod(["containers": []]), "spec.template.spec.containers is empty: a pod needs one"),
        Case(pod(["containers": ["a": 1]]), "spec.template.spec.containers is an object"),
        Case(pod(["containers": [nil]]), "spec.template.spec.containers[0] is a null"),
        Case(pod(["containers": [container, "x"]]), "spec.template.spec.containers[1] is a string"),
        Case(pod(["containers": [["image": "i:1"]]]), "spec.template.spec.containers[0].name is missing"),
        Case(pod(["containers": [["name": "c"]]]), "spec.template.spec.containers[0].image is missing"),
        Case(pod(["containers": [["name": 1, "image": "i"]]]), "spec.template.spec.containers[0].name is an integer"),
        Case(
            pod(["containers": [["name": "c", "image": "i", "volumeMounts": "all"]]]),
            "spec.template.spec.containers[0].volumeMounts is a string"),
        Case(pod(["volumes": [3]]), "spec.template.spec.volumes[0] is an integer"),
        Case(pod(["volumes": "none"]), "spec.template.spec.volumes is a string"),
        Case(pod(["initContainers": [false]]), "spec.template.spec.initContainers[0] is a boolean"),
    ]

    @Test func `D10 D11: a spec of every wrong shape is told of, makes nothing and disturbs nobody`() async throws {
        var setup = OperatorLab.Setup()
        setup.definition = try JobDefinition.lax()
        try await OperatorLab.with(setup) { lab in
            for (number, wrong) in Self.cases.enumerated() {
                var object = KubernetesObject(
                    ObjectKey(JobContract.kind, namespace: lab.namespace, name: "wrong-\(number)"))
                object.value["spec"] = wrong.spec
                _ = try await lab.admin.create(object)
            }
            try await lab.make("healthy")
            try await lab.refresh()
            for (number, wrong) in Self.cases.enumerated() {
                let key = lab.key("wrong-\(number)")
                let outcome = try await lab.reconciler.reconcile(key)
                #expect(outcome == .settled)
                let job = try await lab.job(key.name)
                #expect(job.phase == "Failed", "\(wrong.message)")
                #expect(job.status?["reason"] == "InvalidSpec", "\(wrong.message)")
                let message = job.status?["message"]?.string ?? ""
                #expect(message.hasPrefix(wrong.message), "\(message)")
                #expect(job.told(.accepted) == "False InvalidSpec")
                #expect(job.status?["observedGeneration"]?.int == job.generation)
            }
            for kind in ChildKind.allCases {
                #expect(try await lab.admin.list(try await kind.served(by: lab.admin)).items.isEmpty)
            }
            try await lab.pass("healthy")
            #expect(try await lab.child(.pod, "healthy") != nil)
            // At rest, and told of once.
            try await lab.refresh()
            let requests = try await lab.requests {
                for number in Self.cases.indices {
                    _ = try await lab.reconciler.reconcile(lab.key("wrong-\(number)"))
                }
            }
            #expect(requests == [])
            let events = try await lab.events(of: "wrong-0")
            #expect(events.map { $0["reason"]?.string } == ["InvalidSpec"])
            #expect(events.first?["message"] == "spec is missing")
            #expect(events.first?["type"] == "Warning")
        }
    }

    @Test(arguments: [
        (String(repeating: "a", count: 64), "NameTooLong", "has 64 characters"),
        (String(repeating: "a", count: 253), "NameTooLong", "has 253 characters"),
        ("1task", "InvalidSpec", "metadata.name is '1task'"), ("a.b", "InvalidSpec", "metadata.name is 'a.b'"),
    ])
    func `D21: a name that no Service can have is told of`(_ name: String, _ reason: String, _ message: String)
        async throws
    {
        try await OperatorLab.anywhere { lab in
            try await lab.make(name)
            let outcome = try await lab.settle(name)
            #expect(outcome == .settled)
            let job = try await lab.job(name)
            #expect(job.phase == "Failed")
            #expect(job.status?["reason"]?.string == reason)
            #expect(job.status?["message"]?.string?.contains(message) == true)
            let events = try await lab.events(of: name)
            #expect(events.count == 1)
        }
    }

    @Test func `D21: the longest name that is possible works`() async throws {
        try await OperatorLab.anywhere { lab in
            let name = String(repeating: "a", count: 63)
            try await lab.make(name)
            try await lab.settle(name)
            for kind in [ChildKind.pod, .service, .ingress] { #expect(try await lab.child(kind, name) != nil) }
        }
    }

    @Test func `D10: a corrected spec is taken up`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task", "leader")
            try await lab.settle("task")
            #expect(try await lab.job("task").phase == "Failed")
            try await lab.edit("task", spec: ["role": "server"])
            try await lab.settle("task")
            let job = try await lab.job("task")
            #expect(job.phase == "Pending")
            #expect(job.told(.accepted) == "True Valid")
            #expect(job.status?["reason"]?.string != "InvalidSpec")
            #expect(try await lab.child(.pod, "task") != nil)
        }
    }

    @Test func `a running job whose spec is broken by an edit runs on, and says so`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            try await lab.make("task")
            try await lab.settle("task")
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.settle("task")
            try await lab.edit("task", spec: ["role": "leader"])
            try await lab.settle("task")
            let job = try await lab.job("task")
            #expect(job.phase == "Running")
            #expect(job.told(.accepted) == "False InvalidSpec")
            #expect(job.told(.serviceReady) == "True Created")
            #expect(try await lab.child(.pod, "task") != nil)
            try await lab.setPod("task", ["phase": "Succeeded"])
            try await lab.settle("task")
            #expect(try await lab.job("task").phase == "Succeeded")
            // Correcting it does not run it again.
            try await lab.edit("task", spec: ["role": "server"])
            try await lab.delete(try #require(try await lab.child(.pod, "task")))
            try await lab.settle("task")
            #expect(try await lab.child(.pod, "task") == nil)
            #expect(try await lab.job("task").phase == "Succeeded")
        }
    }

    @Test func `D11: a template that is nested very deep is no trouble`() async throws {
        try await OperatorLab.anywhere { lab in
            var deep: Value = 1
            for level in 0..<400 { deep = level % 2 == 0 ? ["a": deep] : [deep] }
            try await lab.make("deep", spec: ["template": Self.pod(["future": deep])["template"] ?? nil])
            try await lab.settle("deep")
            #expect(try await lab.job("deep").told(.podCreated) == "True Created")
        }
    }

    @Test func `a message is one line, whatever stands in a field`() async throws {
        var setup = OperatorLab.Setup()
        setup.definition = try JobDefinition.lax()
        try await OperatorLab.with(setup) { lab in
            try await lab.make("task", "a\u{1B}[2J\nb\u{202E}")
            try await lab.settle("task")
            let message = try await lab.job("task").status?["message"]?.string
            #expect(message == "spec.role is 'a·[2J·b·': it must be server or client")
        }
    }

    @Test func `a job whose pod nobody has told of yet is not refused`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.settle("task")
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.edit("task", spec: ["role": "leader"])
            try await lab.refresh()
            lab.cache.forget(.pod, lab.key("task"))
            _ = try await lab.reconciler.reconcile(lab.key("task"))
            let job = try await lab.job("task")
            #expect(job.phase == "Running")
            #expect(job.told(.accepted) == "False InvalidSpec")
        }
    }

    @Test func `a wildcard is a host`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task", host: "*.server.iflearner.com")
            try await lab.settle("task")
            let ingress = try #require(try await lab.child(.ingress, "task"))
            #expect(ingress["spec", "rules"]?[0]?["host"] == "*.server.iflearner.com")
        }
    }

    @Test func `a status that somebody filled with nonsense is put right`() async throws {
        var setup = OperatorLab.Setup()
        setup.definition = try JobDefinition.lax()
        try await OperatorLab.with(setup) { lab in
            let nonsense: [Value] = [
                "text", [1], ["phase": 5], ["conditions": "all"], ["conditions": [1, "x", ["type": 3]]],
                ["phase": "Odd", "conditions": [["type": "Accepted", "lastTransitionTime": 7]]],
                ["containerStatuses": nil, "training": "far"],
            ]
            for (number, status) in nonsense.enumerated() {
                let job = try await lab.make("job-\(number)", host: "h\(number).example")
                try await lab.edit(job.object, ["status": status], subresource: "status")
                try await lab.settle("job-\(number)")
                let now = try await lab.job("job-\(number)")
                #expect(now.phase == "Pending")
                #expect(now.told(.accepted) == "True Valid")
            }
        }
    }
}
