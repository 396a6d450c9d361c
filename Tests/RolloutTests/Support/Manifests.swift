// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Rollout
import Values

/// A small deployment: a database with data and credentials, and a server that needs it.
enum Manifests {
    static func request(
        tag: String = "1.0", components: [Component]? = nil, namespace: String = "fl", name: String = "lab"
    ) -> RolloutRequest {
        RolloutRequest(
            deployment: name, namespace: namespace, components: components ?? [mysql(), server(tag: tag)],
            chartName: "iflearner-flow", chartVersion: "0.2.0", plan: "name: \(name)\n", planDigest: tag)
    }

    static func mysql(password: String = "cGFzc3dvcmQtb2YtbXlzcWw=") -> Component {
        Component(
            name: "mysql",
            objects: [
                object("v1", "Secret", "mysql", ["data": ["password": .string(password)]]),
                object(
                    "v1", "PersistentVolumeClaim", "mysql",
                    [
                        "spec": [
                            "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
                        ]
                    ]),
                object("v1", "Service", "mysql", ["spec": service("mysql", 3306)]),
                deployment(
                    "mysql", image: "mysql:8.0",
                    env: [
                        [
                            "name": "MYSQL_ROOT_PASSWORD",
                            "valueFrom": ["secretKeyRef": ["name": "mysql", "key": "password"]],
                        ]
                    ], claim: "mysql"),
            ])
    }

    static func server(tag: String = "1.0", image: String? = nil, extra: [KubernetesObject] = []) -> Component {
        Component(
            name: "flow-server", dependsOn: ["mysql"],
            objects: [
                object("v1", "ServiceAccount", "flow-server", [:]),
                object(
                    "rbac.authorization.k8s.io/v1", "Role", "flow-server",
                    ["rules": [["apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]]]]),
                object("v1", "ConfigMap", "flow-server", ["data": ["config.yaml": "log: info"]]),
                object("v1", "Service", "flow-server", ["spec": service("flow-server", 50001)]),
                deployment("flow-server", image: image ?? "iflearner/flow-server:\(tag)"),
            ] + extra)
    }

    /// An operator with its definition: what a cluster can have only once.
    static func jobOperator(_ owner: String = "fl/lab") -> Component {
        Component(
            name: "operator",
            objects: [
                definition(owner),
                object(
                    "rbac.authorization.k8s.io/v1", "ClusterRole", "iflearner-operator-\(owner.filter { $0 != "/" })",
                    ["rules": [["apiGroups": ["git.iflytek.com"], "resources": ["*"], "verbs": ["*"]]]]),
                deployment("operator", image: "iflearnerctl:1.0"),
            ])
    }

    static func definition(_ owner: String) -> KubernetesObject {
        object(
            "apiextensions.k8s.io/v1", "CustomResourceDefinition", "iflearnerjobs.git.iflytek.com",
            [
                "spec": [
                    "group": "git.iflytek.com", "scope": "Namespaced",
                    "names": [
                        "kind": "IflearnerJob", "listKind": "IflearnerJobList", "plural": "iflearnerjobs",
                        "singular": "iflearnerjob",
                    ],
                    "versions": [
                        [
                            "name": "v1", "served": true, "storage": true,
                            "schema": [
                                "openAPIV3Schema": [
                                    "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                                ]
                            ],
                        ]
                    ],
                ]
            ], annotations: ["iflearnerctl.io/operator": .string(owner), "helm.sh/resource-policy": "keep"])
    }

    static func hook(_ name: String, event: String, image: String = "mysql:8.0") -> KubernetesObject {
        object(
            "batch/v1", "Job", name,
            [
                "spec": [
                    "backoffLimit": 0,
                    "template": [
                        "spec": [
                            "restartPolicy": "Never", "containers": [["name": "backup", "image": .string(image)]],
                        ]
                    ],
                ]
            ], annotations: ["helm.sh/hook": .string(event)])
    }

    static func object(
        _ apiVersion: String, _ kind: String, _ name: String, _ body: Mapping, annotations: Mapping = [:]
    ) -> KubernetesObject {
        var metadata: Mapping = ["name": .string(name)]
        if !annotations.isEmpty { metadata["annotations"] = .mapping(annotations) }
        var document: Mapping = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": .mapping(metadata),
        ]
        for (key, value) in body { document[key] = value }
        return KubernetesObject(.mapping(document))
    }

    static func service(_ app: String, _ port: Int64) -> Value {
        ["selector": ["app": .string(app)], "ports": [["name": "main", "port": .int(port), "protocol": "TCP"]]]
    }

    static func deployment(
        _ name: String, image: String, env: Value? = nil, claim: String? = nil
    ) -> KubernetesObject {
        var container: Mapping = ["name": .string(name), "image": .string(image)]
        if let env { container["env"] = env }
        var spec: Mapping = [:]
        if let claim {
            container["volumeMounts"] = [["name": "data", "mountPath": "/data"]]
            spec["volumes"] = [["name": "data", "persistentVolumeClaim": ["claimName": .string(claim)]]]
        }
        spec["containers"] = [.mapping(container)]
        return object(
            "apps/v1", "Deployment", name,
            [
                "spec": [
                    "replicas": 1, "selector": ["matchLabels": ["app": .string(name)]],
                    "template": [
                        "metadata": ["labels": ["app": .string(name)]], "spec": .mapping(spec),
                    ],
                ]
            ])
    }
}
