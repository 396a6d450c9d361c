// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Sandbox
import Testing

/// What a curious user types, with unmodified kubectls.
@Suite(.enabled(if: !Kubectl.available.isEmpty, "no kubectl on this machine"))
struct KubectlTests {
    static let web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, labels: {app: web}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: c
                image: nginx:1.25
                ports: [{containerPort: 80}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports: [{port: 80}]
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {a: "1"}
        """

    static let definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: iflearnerjobs.git.iflytek.com}
        spec:
          group: git.iflytek.com
          scope: Namespaced
          names: {plural: iflearnerjobs, singular: iflearnerjob, kind: IflearnerJob, shortNames: [ij]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            additionalPrinterColumns: [{name: Role, type: string, jsonPath: .spec.role}]
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec: {type: object, properties: {role: {type: string}}}
                  status: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """

    static let job = """
        apiVersion: git.iflytek.com/v1
        kind: IflearnerJob
        metadata: {name: train}
        spec: {role: server}
        """

    func withKubectl(_ executable: String, _ test: (Kubectl, SandboxServer) async throws -> Void) async throws {
        try await withSandbox(.brisk) { server, _ in
            let kubectl = try Kubectl(executable, server)
            do { try await test(kubectl, server) } catch {
                try await kubectl.remove()
                throw error
            }
            try await kubectl.remove()
        }
    }

    func expect(_ output: Kubectl.Output, _ texts: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(output.status.isSuccess, "\(output.text)", sourceLocation: sourceLocation)
        for text in texts {
            #expect(output.text.contains(text), "\(output.text)", sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: Kubectl.available)
    func `kubectl says what is there`(executable: String) async throws {
        try await withKubectl(executable) { kubectl, _ in
            expect(try await kubectl.run("version"), "v1.33")
            expect(try await kubectl.run("api-resources"), "configmaps", "deployments", "deploy")
            expect(try await kubectl.run("api-versions"), "apps/v1", "v1")
            expect(try await kubectl.run("get", "namespaces"), "NAME", "STATUS", "default", "Active")
            expect(try await kubectl.run("get", "nodes", "-o", "wide"), "Ready", "v1.33")
            expect(try await kubectl.run("get", "all", "-A"), "service/kubernetes")
            expect(try await kubectl.run("get", "pods"), "No resources found")
            let missing = try await kubectl.run("get", "configmap", "none")
            #expect(missing.text.contains("Error from server (NotFound): configmaps \"none\" not found"))
        }
    }

    @Test(arguments: Kubectl.available)
    func `kubectl applies, compares, changes and deletes`(executable: String) async throws {
        try await withKubectl(executable) { kubectl, _ in
            let file = try kubectl.write("web.yaml", Self.web)
            let changed = try kubectl.write("changed.yaml", Self.web.replacing("1.25", with: "1.26"))
            expect(try await kubectl.run("apply", "-f", file), "deployment.apps/web created", "service/web created")
            expect(try await kubectl.run("apply", "-f", file), "deployment.apps/web unchanged", "service/web unchanged")
            expect(try await kubectl.run("rollout", "status", "deploy/web", "--timeout=20s"), "successfully rolled out")
            let difference = try await kubectl.run("diff", "-f", changed)
            #expect(difference.status == .code(1))
            #expect(difference.text.contains("+      - image: nginx:1.26"), "\(difference.text)")
            expect(try await kubectl.run("apply", "--dry-run=server", "-f", changed), "web configured (server dry run)")
            expect(try await kubectl.run("apply", "-f", changed), "web configured", "configmap/settings unchanged")
            expect(try await kubectl.run("rollout", "status", "deploy/web", "--timeout=20s"), "successfully rolled out")
            expect(try await kubectl.run("rollout", "history", "deploy/web"), "REVISION", "2")
            expect(try await kubectl.run("scale", "deploy/web", "--replicas=1"), "scaled")
            expect(try await kubectl.run("label", "configmap", "settings", "x=y"), "labeled")
            expect(try await kubectl.run("annotate", "configmap", "settings", "x=y"), "annotated")
            expect(try await kubectl.run("get", "configmap", "-l", "x=y", "-o", "name"), "configmap/settings")
            expect(
                try await kubectl.run(
                    "patch", "deploy", "web", "-p",
                    #"{"spec":{"template":{"spec":{"containers":[{"name":"c","env":[{"name":"A","value":"B"}]}]}}}}"#),
                "patched")
            expect(try await kubectl.run("get", "deploy", "web", "-o", "yaml"), "nginx:1.26", "name: A")
            expect(
                try await kubectl.run(
                    "patch", "cm", "settings", "--type=json", "-p", #"[{"op":"remove","path":"/data/a"}]"#),
                "patched")
            expect(try await kubectl.run("describe", "deploy", "web"), "RollingUpdate", "nginx:1.26")
            expect(
                try await kubectl.run("wait", "--for=condition=Available", "deploy/web", "--timeout=20s"),
                "condition met")
            expect(try await kubectl.run("delete", "-f", file, "--timeout=20s"), "deployment.apps \"web\" deleted")
            expect(try await kubectl.run("get", "deploy"), "No resources found")
        }
    }

    @Test(arguments: Kubectl.available)
    func `kubectl applies on the server's side and learns of conflicts`(executable: String) async throws {
        try await withKubectl(executable) { kubectl, _ in
            let file = try kubectl.write("web.yaml", Self.web)
            expect(
                try await kubectl.run("apply", "--server-side", "-f", file), "deployment.apps/web serverside-applied")
            expect(try await kubectl.run("scale", "deploy/web", "--replicas=3"), "scaled")
            let conflict = try await kubectl.run("apply", "--server-side", "-f", file)
            #expect(!conflict.status.isSuccess)
            #expect(conflict.text.contains(".spec.replicas"), "\(conflict.text)")
            expect(
                try await kubectl.run("apply", "--server-side", "--force-conflicts", "-f", file), "serverside-applied")
        }
    }

    @Test(arguments: Kubectl.available)
    func `kubectl works on IflearnerJobs`(executable: String) async throws {
        try await withKubectl(executable) { kubectl, _ in
            let definition = try kubectl.write("crd.yaml", Self.definition)
            let job = try kubectl.write("job.yaml", Self.job)
            expect(try await kubectl.run("apply", "-f", definition), "created")
            expect(
                try await kubectl.run(
                    "wait", "--for=condition=Established", "crd/iflearnerjobs.git.iflytek.com", "--timeout=20s"),
                "condition met")
            expect(try await kubectl.run("apply", "-f", job), "iflearnerjob.git.iflytek.com/train created")
            expect(try await kubectl.run("apply", "-f", job), "train unchanged")
            expect(try await kubectl.run("get", "ij"), "NAME", "ROLE", "train", "server")
            expect(try await kubectl.run("describe", "ij", "train"), "Role:", "server")
            expect(try await kubectl.run("label", "ij", "train", "a=b"), "labeled")
            expect(try await kubectl.run("delete", "ij", "train"), "deleted")
            expect(try await kubectl.run("delete", "-f", definition, "--timeout=20s"), "deleted")
            let gone = try await kubectl.run("get", "ij")
            // What it says depends on what it remembers of the kinds there were.
            #expect(gone.text.contains("the server "), "\(gone.text)")
            #expect(!gone.status.isSuccess)
        }
    }

    @Test(arguments: Kubectl.available)
    func `kubectl creates what its own commands make`(executable: String) async throws {
        try await withKubectl(executable) { kubectl, _ in
            // From 1.32 on these are sent in protobuf.
            expect(try await kubectl.run("create", "namespace", "side"), "namespace/side created")
            expect(
                try await kubectl.run("create", "configmap", "c", "--from-literal=a=b", "-n", "side"),
                "configmap/c created")
            expect(
                try await kubectl.run("create", "secret", "generic", "s", "--from-literal=a=b", "-n", "side"),
                "secret/s created")
            expect(try await kubectl.run("get", "secret", "s", "-n", "side", "-o", "jsonpath={.data.a}"), "Yg==")
            expect(try await kubectl.run("create", "deployment", "d", "--image=nginx", "-n", "side"), "created")
            expect(try await kubectl.run("create", "serviceaccount", "robot", "-n", "side"), "created")
            expect(
                try await kubectl.run("create", "role", "r", "--verb=get", "--resource=pods", "-n", "side"), "created")
            expect(try await kubectl.run("auth", "can-i", "create", "pods"), "yes")
            expect(try await kubectl.run("run", "p", "--image=nginx", "-n", "side"), "pod/p created")
            expect(
                try await kubectl.run("wait", "--for=condition=Ready", "pod/p", "-n", "side", "--timeout=20s"), "met")
            expect(try await kubectl.run("delete", "namespace", "side", "--timeout=30s"), "deleted")
        }
    }

    @Test(arguments: Kubectl.available)
    func `kubectl shows logs`(executable: String) async throws {
        try await withKubectl(executable) { kubectl, _ in
            expect(try await kubectl.run("apply", "-f", try kubectl.write("web.yaml", Self.web)), "created")
            expect(try await kubectl.run("rollout", "status", "deploy/web", "--timeout=20s"), "successfully rolled out")
            let logs = try await kubectl.run("logs", "deploy/web")
            #expect(logs.status.isSuccess && !logs.text.isEmpty, "\(logs.text)")
        }
    }
}
