// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Glibc
import Processes
import Sandbox
import TestSupport
import Testing
import Values
import YAMLText

extension Finished {
    /// Standard output as manifests.
    fileprivate func documents() throws -> [KubernetesObject] {
        try Value.yamlDocuments(Array(output.utf8), file: line).map(KubernetesObject.init)
    }
}

/// The controller as a program.
@Suite(.timeLimit(.minutes(10))) struct OperatorTests {
    private static let job = GroupVersionKind(apiVersion: "git.iflytek.com/v1", kind: "IflearnerJob")
    private static let ingress = GroupVersionKind(apiVersion: "networking.k8s.io/v1", kind: "Ingress")

    /// A controller that runs beside a test.
    private struct Running {
        let process: ChildProcess
        let errors: AnonymousFile

        /// Asks it to end, and tells how it did.
        func end(_ signal: Int32 = SIGTERM) async -> Processes::ExitStatus {
            process.send(signal)
            return await process.wait()
        }
    }

    private func start(_ cluster: TestCluster, _ arguments: String...) throws -> Running {
        var command = Command(
            Program.path, ["operator", "run", "--health-probe-bind-address=0", "--metrics-bind-address=0"] + arguments,
            environment: cluster.environment)
        let errors = try AnonymousFile()
        command.errors = .descriptor(errors.descriptor)
        command.output = .descriptor(errors.descriptor)
        return Running(process: try command.spawn(), errors: errors)
    }

    /// The definition of IflearnerJobs, as the program prints it.
    private func define(_ cluster: TestCluster) async throws {
        let printed = try await cluster.run("operator", "manifests", "--crds", "only")
        expect(printed)
        for document in try printed.documents() { _ = try await cluster.client.apply(document) }
    }

    private func makeJob(_ name: String, in namespace: String, _ cluster: TestCluster) async throws {
        var object = KubernetesObject(ObjectKey(Self.job, namespace: namespace, name: name))
        object.value["spec"] = [
            "role": "server", "host": .string("\(name).\(namespace).example"),
            "template": ["spec": ["containers": [["name": "a", "image": "ghcr.io/iflytek/iflearner:v0.1.0"]]]],
        ]
        _ = try await cluster.client.create(object)
    }

    @Test func `a job gets its pod, Service and Ingress, and SIGTERM ends the controller in order`() async throws {
        try await TestCluster.with { cluster in
            try await define(cluster)
            let running = try start(cluster, "--leader-elect", "--log-format=json")
            try await makeJob("a", in: "default", cluster)
            try await eventually("everything is made", showing: { running.errors.text }) {
                let pod = try await cluster.find(.pod, "a", in: "default")
                let service = try await cluster.find(.service, "a", in: "default")
                let ingress = try await cluster.find(Self.ingress, "a", in: "default")
                return pod != nil && service != nil && ingress != nil
            }
            try await eventually("the job runs", showing: { running.errors.text }) {
                try await cluster.find(Self.job, "a", in: "default")?["status", "phase"] == "Running"
            }
            #expect(await running.end() == .code(0), "\(running.errors.text)")
            let lease = try await cluster.find(.lease, "b64cd87e.git.iflytek.com", in: "default")
            #expect(lease != nil && lease?["spec", "holderIdentity"] == nil)
            // Every line is an object.
            let lines = try running.errors.text.split(separator: "\n").map { try Value(json: String($0)) }
            #expect(lines.first?["msg"] == "begins" && lines.last?["msg"] == "ends")
        }
    }

    @Test func `-n and --watch-namespace say whose jobs are run, and the kubeconfig does not`() async throws {
        try await TestCluster.with { cluster in
            try await define(cluster)
            for name in ["one", "two"] {
                _ = try await cluster.client.create(KubernetesObject(ObjectKey(.namespace, name: name)))
            }
            for namespace in ["default", "one", "two"] { try await makeJob("a", in: namespace, cluster) }
            let scoped = try start(cluster, "-n", "one", "--watch-namespace=two")
            try await eventually("two have pods", showing: { scoped.errors.text }) {
                let pods = try await cluster.list(.pod).filter { $0.name == "a" }
                return pods.count == 2
            }
            #expect(try await cluster.find(.pod, "a", in: "default") == nil)
            #expect(await scoped.end(SIGINT) == .code(0), "\(scoped.errors.text)")
            let all = try start(cluster)
            try await eventually("all have pods", showing: { all.errors.text }) {
                try await cluster.find(.pod, "a", in: "default") != nil
            }
            #expect(await all.end() == .code(0), "\(all.errors.text)")
        }
    }

    @Test func `upstream's command line is understood, and an address that is taken is named`() async throws {
        try await TestCluster.with { cluster in
            let (listener, port) = try Self.takePort()
            defer { close(listener) }
            let run = try await cluster.run(
                "operator", "run", "--leader-elect", "--zap-log-level=debug", "--zap-devel",
                "--health-probe-bind-address=0", "--metrics-bind-address=127.0.0.1:\(port)")
            expect(run, code: 1, says: "cannot listen on 127.0.0.1:\(port): the port is in use")
            expect(
                try await cluster.run("operator", "run", "--metrics-bind-address=nowhere"), code: 64,
                says: "expected an address such as :8081")
        }
    }

    private static func takePort() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isTaken = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard isTaken else { throw SystemFailure("listen") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    @Test(arguments: KubectlPrograms.available)
    func `kubectl applies the manifests, and again without a change`(kubectl: String) async throws {
        try await TestCluster.with { cluster in
            _ = try await cluster.client.create(KubernetesObject(ObjectKey(.namespace, name: "jobs")))
            for arguments in [[], ["-n", "jobs", "--watch-namespace=jobs", "--image=registry.lan/iflearnerctl:1"]] {
                let printed = try await cluster.run(["operator", "manifests"] + arguments)
                expect(printed, says: "kind: CustomResourceDefinition", "kind: Deployment", "--leader-elect")
                let isClusterWide = try printed.documents().contains { $0.kind == "ClusterRoleBinding" }
                #expect(isClusterWide == arguments.isEmpty)
                let file = try cluster.home.write("operator.yaml", printed.output)
                for outcome in [" created", " unchanged"] {
                    var command = Command(kubectl, ["apply", "-f", file], environment: cluster.environment)
                    let errors = try AnonymousFile()
                    command.errors = .descriptor(errors.descriptor)
                    let applied = try await command.capture(timeout: .seconds(60), limit: 1 << 20)
                    let text = String(decoding: applied.output, as: UTF8.self)
                    #expect(applied.status == .code(0), "\(text)\(errors.text)")
                    let lines = text.split(separator: "\n")
                    let count = try printed.documents().count
                    #expect(lines.count == count && lines.contains { $0.hasSuffix(outcome) }, "\(text)")
                }
            }
            expect(try await cluster.run("operator", "manifests", "--crds", "omit"), says: "kind: Deployment")
        }
    }
}
