// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Processes
import Sandbox
import TestSupport
import Testing
import Values

/// What flow-server and flow-federate send, byte for byte as their Kubernetes client writes it, works unmodified.
@Suite struct FlowReplayTests {
    private static let task = "5f0c2a86e3d94b4f9b1c7d2e8a6f1b3c"
    private static let serverName = "iflearnerjob-server-\(task)"
    private static let clientName = "iflearnerjob-client-\(task)-hospital-a"

    /// The metadata of the client library as a dictionary: every field in snake case, nearly all of them null.
    private static func metadata(_ name: String) -> String {
        let nulls = [
            "annotations", "creation_timestamp", "deletion_grace_period_seconds", "deletion_timestamp", "finalizers",
            "generate_name", "generation", "labels", "managed_fields",
        ].map { "\"\($0)\": null" }.joined(separator: ", ")
        let rest = ["namespace", "owner_references", "resource_version", "self_link", "uid"]
            .map { "\"\($0)\": null" }.joined(separator: ", ")
        return "{\(nulls), \"name\": \"\(name)\", \(rest)}"
    }

    private static let serverBody = """
        {"apiVersion": "git.iflytek.com/v1", "kind": "IflearnerJob", "metadata": \(metadata(serverName)), \
        "spec": {"role": "server", "host": "\(task).server.iflearner.com", "template": {"spec": {"containers": [\
        {"args": ["-n=2", "--epochs=10"], "image": "ghcr.io/iflytek/iflearner:v0.1.0", "imagePullPolicy": "IfNotPresent", \
        "name": "\(serverName)", "workingDir": "/iflearner"}], "restartPolicy": "Never"}}}}
        """

    private static let clientBody = """
        {"apiVersion": "git.iflytek.com/v1", "kind": "IflearnerJob", "metadata": \(metadata(clientName)), \
        "spec": {"role": "client", "host": "\(task).server.iflearner.com", "template": {"spec": {"containers": [\
        {"args": ["python", "train.py", "--name=hospital-a", "--epochs=10", \
        "--server=\(task).server.iflearner.com:30031", "--cert=/etc/server-iflearner-secret.crt"], \
        "image": "ghcr.io/iflytek/trainer:1", "imagePullPolicy": "IfNotPresent", "name": "\(clientName)", \
        "volumeMounts": [{"mountPath": "/data", "name": "\(clientName)"}], "workingDir": "/work"}], \
        "restartPolicy": "Never", "volumes": [{"hostPath": {"path": "/data/lung-ct", "type": "Directory"}, \
        "name": "\(clientName)"}]}}}}
        """

    private static func collection(_ lab: OperatorLab) -> String {
        "/apis/git.iflytek.com/v1/namespaces/\(lab.namespace)/iflearnerjobs"
    }

    /// One request as the Python client sends it.
    private func send(
        _ lab: OperatorLab, _ method: HTTPRequest.Method, _ target: String, _ body: String? = nil
    ) async throws -> (status: Int, document: Value) {
        var headers: HTTPFields = [
            "Accept": "application/json", "User-Agent": "OpenAPI-Generator/24.2.0/python",
        ]
        if body != nil { headers["Content-Type"] = "application/json" }
        let request = HTTPRequest(method, target, headers: headers, body: body.map { Array($0.utf8) })
        let response = try await lab.send(request)
        return (response.status, try Value(json: response.body))
    }

    @Test(arguments: [18, 25, 33])
    func `a task's start, its states and its stop, as flow-server sees them`(_ minor: Int) async throws {
        var setup = OperatorLab.Setup()
        setup.minor = minor
        setup.hasCluster = true
        try await OperatorLab.anywhere(setup) { lab in
            try await lab.makeCertificates()
            let created = try await send(lab, .post, Self.collection(lab), Self.serverBody)
            #expect(created.status == 201)
            let path = "\(Self.collection(lab))/\(Self.serverName)/status"
            // Before the controller has seen it there is no status, which flow takes for Unknown.
            #expect(try await send(lab, .get, path).document["status"] == nil)
            try await lab.pass(Self.serverName)
            #expect(try await send(lab, .get, path).document[path: "status", "phase"] == "Pending")
            try await eventually("the aggregator runs") {
                try await lab.pass(Self.serverName)
                return try await send(lab, .get, path).document[path: "status", "phase"] == "Running"
            }
            // The server dials its aggregator by this name and port.
            let service = try #require(try await lab.child(.service, Self.serverName))
            #expect(service["spec", "ports"]?.array?.contains { $0["port"] == 82 } == true)
            // Logs are read by the pod's name.
            let logs = try await lab.send(
                HTTPRequest(.get, "/api/v1/namespaces/\(lab.namespace)/pods/\(Self.serverName)/log"))
            #expect(logs.status == 200)
            let deleted = try await send(lab, .delete, "\(Self.collection(lab))/\(Self.serverName)")
            #expect(deleted.status == 200)
            try await lab.pass(Self.serverName)
            try await eventually("everything of the task is gone") {
                for kind in [ChildKind.pod, .service, .ingress] {
                    if try await lab.child(kind, Self.serverName) != nil { return false }
                }
                return true
            }
            #expect(try await send(lab, .get, path).status == 404)
        }
    }

    @Test func `C12: a restart deletes and creates the same name in the same second`() async throws {
        var setup = OperatorLab.Setup()
        setup.hasCluster = true
        try await OperatorLab.anywhere(setup) { lab in
            try await lab.makeCertificates()
            _ = try await send(lab, .post, Self.collection(lab), Self.serverBody)
            try await eventually("the aggregator runs") {
                try await lab.pass(Self.serverName)
                return try await lab.job(Self.serverName).phase == "Running"
            }
            let first = try await lab.job(Self.serverName)
            #expect(try await send(lab, .delete, "\(Self.collection(lab))/\(Self.serverName)").status == 200)
            #expect(try await send(lab, .post, Self.collection(lab), Self.serverBody).status == 201)
            try await eventually("the new aggregator runs") {
                try await lab.pass(Self.serverName)
                return try await lab.job(Self.serverName).phase == "Running"
            }
            let second = try await lab.job(Self.serverName)
            #expect(second.uid != first.uid)
            for kind in [ChildKind.pod, .service, .ingress] {
                #expect(try await lab.child(kind, Self.serverName)?.controller?.uid == second.uid)
            }
        }
    }

    @Test func `a party's task mounts its data and trusts the server`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            #expect(try await send(lab, .post, Self.collection(lab), Self.clientBody).status == 201)
            try await lab.settle(Self.clientName)
            let pod = try #require(try await lab.child(.pod, Self.clientName))
            let container = try #require(pod["spec", "containers"]?[0])
            #expect(container["args"]?.array?.last == "--cert=/etc/server-iflearner-secret.crt")
            let paths = (container["volumeMounts"]?.array ?? []).compactMap { $0["mountPath"]?.string }
            #expect(
                paths.filter { !$0.hasPrefix("/var/run") } == [
                    "/data", "/etc/server-iflearner-secret.crt", "/etc/party-iflearner-secret.crt",
                ])
            let data = pod["spec", "volumes"]?.array?.first { $0["name"]?.string == Self.clientName }
            #expect(data?["hostPath"] == ["path": "/data/lung-ct", "type": "Directory"])
            #expect(Self.clientName.utf8.count == 63)
        }
    }
}
