// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing

/// What kubectl shows of workloads that run, fail, roll and end.
extension KubectlTests {
    static let workloads = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          replicas: 1
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec: {containers: [{name: mysql, image: "mysql:8.0"}]}
          volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec: {containers: [{name: c, image: "agent:1"}]}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: once}
        spec:
          template: {spec: {restartPolicy: Never, containers: [{name: c, image: "busybox:1"}]}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: bad}
        spec:
          selector: {matchLabels: {app: bad}}
          template:
            metadata: {labels: {app: bad}}
            spec: {containers: [{name: c, image: "example.org/does-not-exist:1"}]}
        """

    @Test(arguments: Kubectl.available)
    func `kubectl sees workloads run, fail and end`(executable: String) async throws {
        try await withKubectl(executable) { kubectl, _ in
            let file = try kubectl.write("workloads.yaml", Self.workloads)
            expect(try await kubectl.run("apply", "-f", file), "statefulset.apps/db created", "job.batch/once created")
            expect(try await kubectl.run("rollout", "status", "sts/db", "--timeout=20s"), "1 new pods")
            expect(try await kubectl.run("rollout", "status", "ds/agent", "--timeout=20s"), "successfully rolled out")
            expect(
                try await kubectl.run("wait", "--for=condition=Complete", "job/once", "--timeout=20s"), "condition met")
            expect(try await kubectl.run("get", "pods", "-o", "wide"), "db-0", "Running", "Completed", "10.244.")
            expect(try await kubectl.run("get", "pvc"), "data-db-0", "Bound", "1Gi", "RWO", "standard")
            expect(try await kubectl.run("get", "pv"), "default/data-db-0", "Delete")
            expect(try await kubectl.run("get", "sts,ds,jobs"), "1/1")
            expect(try await kubectl.run("logs", "db-0"), "ready for connections")
            expect(try await kubectl.run("logs", "job/once", "--tail=1", "--timestamps"), "c: ready", "Z ")
            expect(try await kubectl.run("logs", "-f", "job/once"), "c: starting")
            expect(
                try await kubectl.run("describe", "pod", "db-0"), "ClaimName:  data-db-0", "Successfully assigned",
                "Started container mysql", "QoS Class:", "ContainersReady")
            expect(
                try await kubectl.run("wait", "--for=condition=Available=false", "deploy/bad", "--timeout=20s"),
                "condition met")
            expect(try await kubectl.run("describe", "pods", "-l", "app=bad"), "Failed to pull image", "not found")
            let log = try await kubectl.run("logs", "deploy/bad")
            #expect(log.text.contains("is waiting to start: "), "\(log.text)")
            expect(try await kubectl.run("get", "events"), "Pulling", "SuccessfulCreate")
            expect(try await kubectl.run("delete", "-f", file, "--timeout=30s"), "deleted")
        }
    }

    @Test(arguments: Kubectl.available)
    func `kubectl rolls back and restarts`(executable: String) async throws {
        try await withKubectl(executable) { kubectl, _ in
            let file = try kubectl.write("web.yaml", Self.web)
            expect(try await kubectl.run("apply", "-f", file))
            expect(try await kubectl.run("rollout", "status", "deploy/web", "--timeout=20s"))
            expect(try await kubectl.run("set", "image", "deploy/web", "c=nginx:1.26"), "image updated")
            expect(try await kubectl.run("rollout", "status", "deploy/web", "--timeout=20s"))
            expect(try await kubectl.run("rollout", "undo", "deploy/web"), "rolled back")
            expect(try await kubectl.run("rollout", "status", "deploy/web", "--timeout=20s"))
            expect(try await kubectl.run("get", "deploy", "web", "-o", "wide"), "nginx:1.25", "2/2")
            expect(try await kubectl.run("rollout", "history", "deploy/web"), "3")
            expect(try await kubectl.run("rollout", "restart", "deploy/web"), "restarted")
            expect(try await kubectl.run("rollout", "status", "deploy/web", "--timeout=20s"))
            expect(try await kubectl.run("delete", "deploy", "web", "--cascade=foreground", "--timeout=20s"), "deleted")
            expect(try await kubectl.run("get", "pods"), "No resources found")
        }
    }
}
