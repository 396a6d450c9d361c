// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import Values

extension GroupVersionKind {
    /// `git.iflytek.com/v1 IflearnerJob`.
    static let iflearnerJob = GroupVersionKind(apiVersion: "git.iflytek.com/v1", kind: "IflearnerJob")
}

/// IflearnerJobs in a cluster without an operator: a test writes their status.
extension TestCluster {
    /// Brings the definition of IflearnerJobs.
    func defineIflearnerJobs() async throws {
        var definition = KubernetesObject(ObjectKey(.customResourceDefinition, name: "iflearnerjobs.git.iflytek.com"))
        definition.value["spec"] = [
            "group": "git.iflytek.com", "scope": "Namespaced",
            "names": [
                "kind": "IflearnerJob", "listKind": "IflearnerJobList", "plural": "iflearnerjobs",
                "singular": "iflearnerjob",
            ],
            "versions": [
                [
                    "name": "v1", "served": true, "storage": true, "subresources": ["status": [:]],
                    "schema": [
                        "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
                    ],
                ]
            ],
        ]
        _ = try await client.create(definition)
    }

    /// Makes a job with its Service, as an operator would.
    @discardableResult
    func makeIflearnerJob(
        _ name: String, _ role: String = "server", status: Value? = nil, in namespace: String = "default",
        labels: [String: String] = [:]
    ) async throws -> KubernetesObject {
        var job = KubernetesObject(ObjectKey(.iflearnerJob, namespace: namespace, name: name))
        job.labels = labels
        job.value["spec"] = [
            "role": .string(role), "host": "t.server.iflearner.com",
            "template": [
                "spec": [
                    "containers": [["name": "t", "image": "python:3.9", "args": ["-n=2", "--epochs=10"]]]
                ]
            ],
        ]
        let made = try await client.create(job).object
        var service = owned(.service, by: made)
        service.value["spec"] = [
            "selector": ["app": .string(name)],
            "ports": [["name": "grpc", "port": 80], ["name": "http", "port": 82, "targetPort": 50002]],
        ]
        _ = try await client.create(service)
        if let status { try await setStatus(of: made, status) }
        return made
    }

    /// Writes the status of a job.
    func setStatus(of job: KubernetesObject, _ status: Value) async throws {
        _ = try await client.patch(
            job.key, .merge, ["status": status], options: WriteOptions(subresource: "status"))
    }

    /// An object of a job's name that belongs to the job.
    func owned(_ kind: GroupVersionKind, by job: KubernetesObject) -> KubernetesObject {
        var object = KubernetesObject(ObjectKey(kind, namespace: job.namespace, name: job.name))
        object.labels = ["app": job.name]
        object.value.set(
            [
                [
                    "apiVersion": .string(job.apiVersion), "kind": .string(job.kind), "name": .string(job.name),
                    "uid": .string(job.uid ?? ""), "controller": true, "blockOwnerDeletion": true,
                ]
            ], at: ["metadata", "ownerReferences"])
        return object
    }

    /// Makes the pod of a job.
    func makePod(of job: KubernetesObject) async throws {
        var pod = owned(.pod, by: job)
        pod.value["spec"] = ["restartPolicy": "Never", "containers": [["name": "t", "image": "python:3.9"]]]
        _ = try await client.create(pod)
    }

    /// Says what a job's aggregator answers: the epochs of its parties, and those that have finished.
    func setAggregator(
        of job: String, _ epochs: [String: Int], done: Set<String> = [], in namespace: String = "default"
    ) {
        var parties = Mapping()
        for (party, epoch) in epochs.sorted(by: { $0.key < $1.key }) {
            parties[party] = [
                "ready": .bool(epoch > 0), "complete": .bool(done.contains(party)),
                "current_epoch": .int(Int64(epoch)), "total_epoch": 10,
            ]
        }
        // Flask answers a text as HTML.
        server.setProxyAnswer(
            .response(contentType: "text/html; charset=utf-8", body: Value.mapping(parties).jsonString()), of: job,
            namespace: namespace)
    }
}
