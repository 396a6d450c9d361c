// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Testing
import Values

/// A client's job as flow-federate writes it.
func flowJob(role: String = "client", host: String = "4f1c.server.iflearner.com") -> IflearnerJob {
    IflearnerJob(
        KubernetesObject([
            "apiVersion": "git.iflytek.com/v1", "kind": "IflearnerJob",
            "metadata": ["name": "iflearnerjob-client-4f1c-hospital", "namespace": "fl", "uid": "u"],
            "spec": ["role": .string(role), "host": .string(host)],
        ]))
}

/// The pod of a client as flow-federate asks for it, with a folder of the node at `/data`.
func flowSpec(_ changes: (inout Value) -> Void = { _ in }) -> Value {
    var spec: Value = [
        "containers": [
            [
                "name": "trainer", "image": "ghcr.io/iflytek/iflearner:v0.1.0", "imagePullPolicy": "IfNotPresent",
                "workingDir": "/iflearner",
                "args": [
                    "python", "train.py", "--name=hospital", "--epochs=3", "--server=4f1c.server.iflearner.com:30031",
                    "--cert=/etc/server-iflearner-secret.crt",
                ],
                "volumeMounts": [["name": "data", "mountPath": "/data"]],
            ]
        ],
        "volumes": [["name": "data", "hostPath": ["path": "/data/lung-ct", "type": "Directory"]]],
        "restartPolicy": "Never",
    ]
    changes(&spec)
    return spec
}

extension Value {
    /// Changes the first container.
    mutating func changeTrainer(_ change: (inout Value) -> Void) {
        var containers = self["containers"]?.array ?? []
        change(&containers[0])
        self["containers"] = .array(containers)
    }
}

/// A pod shaped by a policy, once and again: the second time changes nothing.
func shaped(
    _ policy: JobPolicy, _ spec: Value = flowSpec(), labels: [String: String] = [:],
    annotations: [String: String] = [:],
    job: IflearnerJob = flowJob(), address: String? = nil, hasSeccompField: Bool = true
) throws -> PodDraft {
    var draft = PodDraft(labels: labels, annotations: annotations, spec: spec)
    try policy.shape(&draft, for: job, address: address, hasSeccompField: hasSeccompField)
    var again = draft
    try policy.shape(&again, for: job, address: address, hasSeccompField: hasSeccompField)
    #expect(again == draft)
    return draft
}

/// The same by the text of a policy.
func shaped(
    _ text: String, _ spec: Value = flowSpec(), labels: [String: String] = [:], annotations: [String: String] = [:],
    job: IflearnerJob = flowJob(), address: String? = nil, hasSeccompField: Bool = true
) throws -> PodDraft {
    try shaped(
        policy(text), spec, labels: labels, annotations: annotations, job: job, address: address,
        hasSeccompField: hasSeccompField)
}

/// Reads the text of a policy.
func policy(_ text: String) throws -> JobPolicy {
    try JobPolicy(reading: text, of: JobKey(namespace: "fl", name: "iflearner-jobs-client"))
}

/// Why a policy does not allow a pod; nil when it does.
func refusal(_ policy: String, _ spec: Value) throws -> JobRefusal? {
    do {
        _ = try shaped(policy, spec)
        return nil
    } catch let error as JobRefusal {
        return error
    }
}

extension PodDraft {
    /// The lines of what was changed.
    var told: [String] {
        annotations[JobPolicy.changesAnnotation]?.split(separator: "\n").map(String.init) ?? []
    }

    /// The first container.
    var trainer: Value? { spec["containers"]?[0] }
}
