// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Testing
import Values

/// What flow and its users rely on, whoever runs the controller: C1 to C14.
@Suite struct ContractTests {
    @Test func `C1 C2 C3 C4 C10: a server's job becomes a pod, a Service and an Ingress of its name`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            let job = try await lab.make("task")
            let outcome = try await lab.pass("task")
            #expect(outcome == .settled)
            for kind in [ChildKind.pod, .service, .ingress] {
                let child = try #require(try await lab.child(kind, "task"))
                let owner = try #require(child.controller)
                #expect(owner.uid == job.uid)
                #expect(owner.kind == "IflearnerJob")
                #expect(child["metadata", "ownerReferences"]?[0]?["blockOwnerDeletion"] == true)
                #expect(child.labels["app"] == "task")
            }
            let service = try #require(try await lab.child(.service, "task"))
            #expect(service["spec", "type"] == "ClusterIP")
            #expect(service["spec", "selector"] == ["app": "task"])
            #expect(Self.ports(service) == ["grpc 80 50001", "http 82 50002"])
            let now = try await lab.job("task")
            #expect(now.phase == "Pending")
            for kind in [JobCondition.Kind.podCreated, .serviceReady, .ingressReady] {
                #expect(now.told(kind) == "True Created")
            }
            #expect(now.told(.accepted) == "True Valid")
            #expect(now.told(.certificatesPresent) == "True Found")
            #expect(now.told(.templateApplied) == "True Applied")
        }
    }

    @Test func `C3 C5 C6 C13: a client's pod trusts both sides, and what it has is gRPC alone`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("party", "client")
            try await lab.pass("party")
            let pod = try #require(try await lab.child(.pod, "party"))
            let container = try #require(pod["spec", "containers"]?[0])
            for root in JobContract.trustRoots {
                let volume = pod["spec", "volumes"]?.array?.first { $0["name"]?.string == root.configMap }
                #expect(volume?[path: "configMap", "name"]?.string == root.configMap)
                let mount = container["volumeMounts"]?.array?.first { $0["name"]?.string == root.configMap }
                #expect(mount?["mountPath"]?.string == root.mountPath)
                #expect(mount?["subPath"]?.string == root.key)
                #expect(mount?["readOnly"] == true)
            }
            let service = try #require(try await lab.child(.service, "party"))
            #expect(Self.ports(service) == ["grpc 80 50001"])
            let ingress = try #require(try await lab.child(.ingress, "party"))
            #expect(ingress["spec", "tls"]?[0]?["secretName"] == "party-iflearner-secret")
        }
    }

    @Test func `C6 C7 D19: an Ingress speaks gRPC over TLS for as long as a round takes`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task", host: "t7.server.iflearner.com")
            try await lab.pass("task")
            let ingress = try #require(try await lab.child(.ingress, "task"))
            let annotations = ingress.annotations
            #expect(annotations["nginx.ingress.kubernetes.io/ssl-redirect"] == "true")
            #expect(annotations["nginx.ingress.kubernetes.io/backend-protocol"] == "GRPC")
            #expect(annotations["nginx.ingress.kubernetes.io/proxy-body-size"] == "1024m")
            #expect(annotations["nginx.ingress.kubernetes.io/proxy-read-timeout"] == "3600")
            #expect(annotations["nginx.ingress.kubernetes.io/proxy-send-timeout"] == "3600")
            let path = ingress["spec", "rules"]?[0]?[path: "http", "paths"]?[0]
            #expect(ingress["spec", "rules"]?[0]?["host"] == "t7.server.iflearner.com")
            #expect(path?["path"] == "/")
            #expect(path?["pathType"] == "Prefix")
            #expect(path?["backend"] == ["service": ["name": "task", "port": ["number": 80]]])
            let tls: Value = [["hosts": ["t7.server.iflearner.com"], "secretName": "server-iflearner-secret"]]
            #expect(ingress["spec", "tls"] == tls)
        }
    }

    @Test func `C8: the phase is a pod's word, whenever there is a status`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            for (pod, job) in [("Running", "Running"), ("Unknown", "Unknown"), ("Odd", "Unknown"), ("", "Pending")] {
                try await lab.setPod("task", ["phase": .string(pod)])
                try await lab.pass("task")
                #expect(try await lab.job("task").phase == job)
            }
        }
    }

    @Test func `C9 D7: a finished job stays as it is, with its Service and Ingress`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.setPod("task", ["phase": "Succeeded"])
            try await lab.settle("task")
            let finished = try await lab.job("task")
            #expect(finished.phase == "Succeeded")
            try await lab.delete(try #require(try await lab.child(.pod, "task")))
            try await lab.delete(try #require(try await lab.child(.service, "task")))
            try await lab.settle("task")
            #expect(try await lab.child(.pod, "task") == nil)
            #expect(try await lab.child(.service, "task") != nil)
            #expect(try await lab.child(.ingress, "task") != nil)
            #expect(try await lab.job("task").phase == "Succeeded")
        }
    }

    @Test func `C11 D12: the template is taken as it is, but for the label that the Service goes by`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make(
                "task",
                spec: [
                    "template": [
                        "metadata": [
                            "labels": ["app": "mine", "team": "a"], "annotations": ["note": "b"],
                        ],
                        "spec": [
                            "restartPolicy": "Never", "nodeSelector": ["disk": "ssd"],
                            "containers": [
                                [
                                    "name": "main", "image": "i:1", "args": ["--epochs=3"], "workingDir": "/work",
                                    "imagePullPolicy": "IfNotPresent",
                                ], ["name": "side", "image": "j:1", "command": ["sleep"]],
                            ],
                        ],
                    ]
                ])
            try await lab.pass("task")
            let pod = try #require(try await lab.child(.pod, "task"))
            #expect(pod.labels == ["app": "task", "team": "a"])
            #expect(pod.annotations["note"] == "b")
            #expect(pod["spec", "nodeSelector"] == ["disk": "ssd"])
            #expect(pod["spec", "restartPolicy"] == "Never")
            let containers = pod["spec", "containers"]?.array ?? []
            #expect(containers.map { $0["name"]?.string } == ["main", "side"])
            #expect(containers[0]["args"] == ["--epochs=3"])
            #expect(containers[0]["command"] == nil)
            #expect(containers[0]["workingDir"] == "/work")
            #expect(containers[1]["command"] == ["sleep"])
        }
    }

    @Test func `at rest a pass makes no request`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            for (name, role) in [("task", "server"), ("party", "client")] {
                try await lab.make(name, role, host: "\(name).example")
                try await lab.pass(name)
                try await lab.pass(name)
                try await lab.refresh()
                let requests = try await lab.requests {
                    _ = try await lab.reconciler.reconcile(lab.key(name))
                }
                #expect(requests == [])
            }
        }
    }

    @Test func `a first pass applies each object once, all at the same time`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            try await lab.make("task")
            // Discovery is asked once in the life of a controller.
            _ = try await lab.client.discovery.catalog()
            try await lab.refresh()
            let requests = try await lab.requests {
                _ = try await lab.reconciler.reconcile(lab.key("task"))
            }
            // A Service of an old server takes two: see `ChildWriter.create`.
            let told = lab.isReal ? Array(Set(requests)) : requests
            #expect(
                told.sorted() == [
                    "GET /api/v1/namespaces/\(lab.namespace)/secrets/server-iflearner-secret",
                    "GET /apis/networking.k8s.io/v1/ingressclasses/nginx",
                    "PATCH /api/v1/namespaces/\(lab.namespace)/pods/task",
                    "PATCH /api/v1/namespaces/\(lab.namespace)/services/task",
                    "PATCH /apis/git.iflytek.com/v1/namespaces/\(lab.namespace)/iflearnerjobs/task/status",
                    "PATCH /apis/networking.k8s.io/v1/namespaces/\(lab.namespace)/ingresses/task",
                ])
        }
    }

    private static func ports(_ service: KubernetesObject) -> [String] {
        (service["spec", "ports"]?.array ?? []).map {
            "\($0["name"]?.string ?? "") \($0["port"]?.int ?? 0) \($0["targetPort"]?.int ?? 0)"
        }
    }
}
