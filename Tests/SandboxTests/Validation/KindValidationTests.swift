// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct KindValidationTests {
    /// A valid object of each kind, to lay patches over.
    private static let samples: [String: (apiVersion: String, json: String)] = [
        "Service": ("v1", #"{"spec":{"ports":[{"port":80}]}}"#),
        "Secret": ("v1", #"{"data":{"a":"YQ=="}}"#),
        "ConfigMap": ("v1", #"{"data":{"a":"b"}}"#),
        "PersistentVolumeClaim": (
            "v1", #"{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}"#
        ),
        "PersistentVolume": (
            "v1", #"{"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/x"}}}"#
        ),
        "StorageClass": ("storage.k8s.io/v1", #"{"provisioner":"example.com/x"}"#),
        "Deployment": ("apps/v1", workload("")), "ReplicaSet": ("apps/v1", workload("")),
        "DaemonSet": ("apps/v1", workload("")), "StatefulSet": ("apps/v1", workload(#","serviceName":"s""#)),
        "Job": (
            "batch/v1",
            #"{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}"#
        ),
        "CronJob": (
            "batch/v1",
            #"{"spec":{"schedule":"* * * * *","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}"#
        ),
        "Ingress": (
            "networking.k8s.io/v1",
            #"{"spec":{"rules":[{"http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":80}}}}]}}]}}"#
        ),
        "IngressClass": ("networking.k8s.io/v1", #"{"spec":{"controller":"k8s.io/x"}}"#),
        "NetworkPolicy": ("networking.k8s.io/v1", #"{"spec":{"podSelector":{}}}"#),
        "Role": (
            "rbac.authorization.k8s.io/v1", #"{"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}"#
        ),
        "RoleBinding": (
            "rbac.authorization.k8s.io/v1",
            #"{"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"s","namespace":"n"}]}"#
        ),
        "ClusterRoleBinding": (
            "rbac.authorization.k8s.io/v1",
            #"{"roleRef":{"kind":"ClusterRole","name":"r"},"subjects":[{"kind":"User","name":"u"}]}"#
        ),
        "PodDisruptionBudget": ("policy/v1", #"{"spec":{"minAvailable":1,"selector":{"matchLabels":{"a":"b"}}}}"#),
        "HorizontalPodAutoscaler": (
            "autoscaling/v2", #"{"spec":{"maxReplicas":2,"scaleTargetRef":{"kind":"Deployment","name":"d"}}}"#
        ),
        "PriorityClass": ("scheduling.k8s.io/v1", #"{"value":5}"#),
        "Lease": ("coordination.k8s.io/v1", #"{"spec":{}}"#),
        "ValidatingWebhookConfiguration": (
            "admissionregistration.k8s.io/v1",
            #"{"webhooks":[{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"service":{"name":"s","namespace":"n"}}}]}"#
        ),
        "CustomResourceDefinition": (
            "apiextensions.k8s.io/v1",
            #"{"metadata":{"name":"as.x.io"},"spec":{"group":"x.io","scope":"Namespaced","names":{"plural":"as","kind":"A"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}"#
        ),
    ]

    private static let clusterScoped: Set<String> = [
        "PersistentVolume", "StorageClass", "IngressClass", "ClusterRoleBinding", "PriorityClass",
        "ValidatingWebhookConfiguration", "CustomResourceDefinition",
    ]

    private static func workload(_ more: String) -> String {
        #"""
        {"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
        "spec":{"containers":[{"name":"c","image":"i"}]}}\#(more)}}
        """#
    }

    private func sample(_ kind: String, _ patch: String = "{}") throws -> (path: WritePath, json: String) {
        let (apiVersion, json) = try #require(Self.samples[kind])
        let named = Value.mapping(["metadata": ["name": "x"]]).applyingMergePatch(try Value(json: json))
        return (try WritePath(apiVersion, kind), named.applyingMergePatch(try Value(json: patch)).jsonString())
    }

    private func create(_ kind: String, _ patch: String = "{}") throws -> Value {
        let (path, json) = try sample(kind, patch)
        return try path.create(json, isNamespaced: !Self.clusterScoped.contains(kind))
    }

    @Test func `the samples are valid`() throws {
        for kind in Self.samples.keys.sorted() {
            #expect(throws: Never.self, "\(kind)") { try create(kind) }
        }
    }

    @Test(arguments: [
        ("Service", #"{"spec":{"ports":[]}}"#, "spec.ports: Required value"),
        (
            "Service", #"{"spec":{"ports":[{"port":0}]}}"#,
            "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"
        ),
        ("Service", #"{"spec":{"ports":[{"port":1},{"port":2}]}}"#, "spec.ports[0].name: Required value"),
        (
            "Service", #"{"spec":{"ports":[{"name":"a","port":1},{"name":"b","port":1}]}}"#,
            #"spec.ports[1]: Duplicate value: {"port":1,"protocol":"TCP","targetPort":0}"#
        ),
        ("Service", #"{"metadata":{"name":"1x"}}"#, "a DNS-1035 label must consist of"),
        (
            "Service", #"{"spec":{"ports":[{"port":80,"nodePort":30001}]}}"#,
            "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"
        ),
        (
            "Service", #"{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":80}]}}"#,
            "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767"
        ),
        ("Service", #"{"spec":{"type":"ExternalName"}}"#, "spec.externalName: Required value"),
        (
            "Service", #"{"spec":{"type":"X"}}"#,
            #"spec.type: Unsupported value: "X": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort""#
        ),
        ("Service", #"{"spec":{"clusterIP":"nope"}}"#, "must be a valid IP address"),
        (
            "Service", #"{"spec":{"externalTrafficPolicy":"Local"}}"#,
            "may only be set for externally-accessible services"
        ),
        (
            "ConfigMap", #"{"data":{"a b":"c"}}"#,
            #"data[a b]: Invalid value: "a b": a valid config key must consist of"#
        ),
        ("ConfigMap", #"{"binaryData":{"a":"YQ=="}}"#, "duplicate of key present in binaryData"),
        ("Secret", #"{"type":"kubernetes.io/tls"}"#, "data[tls.crt]: Required value"),
        (
            "PersistentVolumeClaim", #"{"spec":{"accessModes":null}}"#,
            "spec.accessModes: Required value: at least 1 access mode is required"
        ),
        (
            "PersistentVolumeClaim", #"{"spec":{"accessModes":["X"]}}"#,
            #"spec.accessModes: Unsupported value: "X": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod""#
        ),
        ("PersistentVolumeClaim", #"{"spec":{"resources":null}}"#, "spec.resources[storage]: Required value"),
        ("PersistentVolumeClaim", #"{"spec":{"resources":{"requests":{"storage":"0"}}}}"#, "must be greater than zero"),
        ("PersistentVolume", #"{"spec":{"hostPath":null}}"#, "spec: Required value: must specify a volume type"),
        (
            "PersistentVolume", #"{"metadata":{"namespace":"x"}}"#,
            "metadata.namespace: Forbidden: not allowed on this type"
        ),
        ("Deployment", #"{"spec":{"selector":null}}"#, "spec.selector: Required value"),
        (
            "Deployment", #"{"spec":{"selector":{"matchLabels":null}}}"#,
            "spec.selector: Invalid value: {}: empty selector is invalid for deployment"
        ),
        (
            "Deployment", #"{"spec":{"replicas":-1}}"#,
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0"
        ),
        (
            "Deployment", #"{"spec":{"strategy":{"type":"Recreate","rollingUpdate":{"maxSurge":1}}}}"#,
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"
        ),
        (
            "Deployment", #"{"spec":{"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}}}}"#,
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"
        ),
        (
            "Deployment", #"{"spec":{"strategy":{"rollingUpdate":{"maxSurge":"a lot"}}}}"#,
            "a valid percent string must be"
        ),
        ("Deployment", #"{"spec":{"minReadySeconds":700}}"#, "must be greater than minReadySeconds"),
        (
            "Deployment", #"{"spec":{"template":{"spec":{"restartPolicy":"Never"}}}}"#,
            #"spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always""#
        ),
        ("StatefulSet", #"{"spec":{"podManagementPolicy":"X"}}"#, "must be 'OrderedReady' or 'Parallel'"),
        (
            "DaemonSet", #"{"spec":{"updateStrategy":{"type":"X"}}}"#,
            #"Unsupported value: "X": supported values: "RollingUpdate", "OnDelete""#
        ),
        (
            "Job", #"{"spec":{"template":{"spec":{"restartPolicy":"Always"}}}}"#,
            #"spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never""#
        ),
        ("Job", #"{"spec":{"backoffLimit":-1}}"#, "spec.backoffLimit: Invalid value: -1"),
        ("Job", #"{"spec":{"selector":{"matchLabels":{"a":"b"}}}}"#, "`selector` not auto-generated"),
        ("CronJob", #"{"spec":{"schedule":"* * * *"}}"#, "expected exactly 5 fields, found 4: [* * * *]"),
        ("CronJob", #"{"spec":{"schedule":"61 * * * *"}}"#, "end of range (61) above maximum (59): 61"),
        ("Ingress", #"{"spec":{"rules":null}}"#, "either `defaultBackend` or `rules` must be specified"),
        (
            "Ingress",
            #"{"spec":{"rules":[{"host":"A_b","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":80}}}}]}}]}}"#,
            "spec.rules[0].host: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain"
        ),
        (
            "Ingress", #"{"spec":{"rules":[{"http":{"paths":[{"path":"x","pathType":"Prefix","backend":{}}]}}]}}"#,
            "must be an absolute path"
        ),
        (
            "Ingress",
            #"{"spec":{"rules":[{"http":{"paths":[{"path":"/","backend":{"service":{"name":"s","port":{"number":80}}}}]}}]}}"#,
            "pathType: Required value: pathType must be specified"
        ),
        ("Ingress", #"{"spec":{"defaultBackend":{"service":{"name":"s"}}}}"#, "port name or number is required"),
        (
            "NetworkPolicy", #"{"spec":{"ingress":[{"from":[{}]}]}}"#,
            "spec.ingress[0].from[0]: Required value: must specify a peer"
        ),
        (
            "NetworkPolicy", #"{"spec":{"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/99"}}]}]}}"#,
            "must be a valid CIDR value"
        ),
        (
            "Role", #"{"rules":[{"apiGroups":[""],"resources":["pods"]}]}"#,
            "rules[0].verbs: Required value: verbs must contain at least one value"
        ),
        (
            "Role", #"{"rules":[{"verbs":["get"],"nonResourceURLs":["/x"]}]}"#,
            "namespaced rules cannot apply to non-resource URLs"
        ),
        (
            "RoleBinding", #"{"roleRef":{"kind":"X"}}"#,
            #"roleRef.kind: Unsupported value: "X": supported values: "ClusterRole", "Role""#
        ),
        (
            "ClusterRoleBinding", #"{"subjects":[{"kind":"ServiceAccount","name":"s"}]}"#,
            "subjects[0].namespace: Required value"
        ),
        (
            "PodDisruptionBudget", #"{"spec":{"maxUnavailable":1}}"#,
            "minAvailable and maxUnavailable cannot be both set"
        ),
        (
            "HorizontalPodAutoscaler", #"{"spec":{"maxReplicas":0}}"#,
            "spec.maxReplicas: Invalid value: 0: must be greater than 0"
        ),
        ("HorizontalPodAutoscaler", #"{"spec":{"minReplicas":3}}"#, "must be greater than or equal to `minReplicas`"),
        ("PriorityClass", #"{"value":2000000000}"#, "maximum allowed value of a user defined priority is 1000000000"),
        ("Lease", #"{"spec":{"leaseDurationSeconds":0}}"#, "must be greater than 0"),
        (
            "ValidatingWebhookConfiguration", #"{"webhooks":[{"name":"a"}]}"#,
            "should be a domain with at least three segments separated by dots"
        ),
        (
            "ValidatingWebhookConfiguration", #"{"webhooks":[{"name":"a.b.c"}]}"#,
            "webhooks[0].sideEffects: Required value"
        ),
        (
            "CustomResourceDefinition", #"{"metadata":{"name":"bs.x.io"}}"#,
            #"metadata.name: Invalid value: "bs.x.io": must be spec.names.plural+"."+spec.group"#
        ),
        (
            "CustomResourceDefinition",
            #"{"spec":{"versions":[{"name":"v1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}"#,
            "must have exactly one version marked as storage version"
        ),
        (
            "CustomResourceDefinition", #"{"spec":{"versions":[{"name":"v1","served":true,"storage":true}]}}"#,
            "schemas are required"
        ),
        (
            "CustomResourceDefinition",
            #"{"spec":{"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"properties":{}}}}}}]}}"#,
            "properties[spec].type: Required value: must not be empty for specified object fields"
        ),
        ("ConfigMap", #"{"metadata":{"name":"x..y"}}"#, "a lowercase RFC 1123 subdomain"),
        ("Role", #"{"metadata":{"name":"a/b"}}"#, "may not contain '/'"),
    ])
    func `what is wrong is told`(kind: String, patch: String, expected: String) throws {
        let error = try #require(throws: StatusError.self) { try create(kind, patch) }
        #expect(error.code == 422)
        #expect(error.message.contains(expected), "\(error.message)")
        #expect(error.details?.kind == kind)
    }

    @Test(arguments: [
        ("Secret", #"{"type":"a"}"#, #"type: Invalid value: "a": field is immutable"#),
        ("StorageClass", #"{"provisioner":"y"}"#, "provisioner: Forbidden: updates to provisioner are forbidden."),
        (
            "StatefulSet", #"{"spec":{"serviceName":"t"}}"#,
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template'"
        ),
        ("DaemonSet", #"{"spec":{"selector":{"matchLabels":{"c":"d"}}}}"#, "field is immutable"),
        ("Job", #"{"spec":{"completions":3}}"#, "spec.completions: Invalid value: 3: field is immutable"),
        ("Job", #"{"spec":{"template":{"spec":{"hostNetwork":true}}}}"#, "spec.template: Invalid value:"),
        ("RoleBinding", #"{"roleRef":{"name":"z"}}"#, "cannot change roleRef"),
        (
            "PersistentVolumeClaim", #"{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}"#,
            "spec is immutable after creation"
        ),
        ("PersistentVolumeClaim", #"{"spec":{"accessModes":["ReadWriteMany"]}}"#, "spec is immutable after creation"),
        (
            "PersistentVolume", #"{"spec":{"hostPath":{"path":"/y"}}}"#,
            "spec.persistentvolumesource is immutable after creation"
        ),
        ("PriorityClass", #"{"value":6}"#, "value: Forbidden: may not be changed in an update."),
        ("IngressClass", #"{"spec":{"controller":"a.io/b"}}"#, "field is immutable"),
        ("ConfigMap", #"{"metadata":{"uid":"z"}}"#, "metadata.uid: Invalid value: \"z\": field is immutable"),
    ])
    func `what may not change does not`(kind: String, patch: String, expected: String) throws {
        let old = try create(kind)
        let path = try sample(kind).path
        let new = old.applyingMergePatch(try Value(json: patch))
        let error = try #require(throws: StatusError.self) { try path.update(new, from: old) }
        #expect(error.message.contains(expected), "\(error.message)")
    }

    @Test func `a bound claim grows and does not shrink`() throws {
        let path = try sample("PersistentVolumeClaim").path
        var old = try create("PersistentVolumeClaim")
        old["status"] = ["phase": "Bound", "capacity": ["storage": "1Gi"]]
        func sized(_ size: Value) -> Value {
            old.applyingMergePatch(["spec": ["resources": ["requests": ["storage": size]]]])
        }
        #expect(throws: Never.self) { try path.update(sized("2Gi"), from: old) }
        let error = try #require(throws: StatusError.self) { try path.update(sized("512Mi"), from: old) }
        #expect(error.message.contains("field can not be less than status.capacity"))
    }

    @Test func `the address of a service does not change`() throws {
        let path = try sample("Service").path
        var old = try create("Service")
        old = old.applyingMergePatch(["spec": ["clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"]]])
        let new = old.applyingMergePatch(["spec": ["clusterIP": "10.0.0.2", "clusterIPs": ["10.0.0.2"]]])
        let error = try #require(throws: StatusError.self) { try path.update(new, from: old) }
        #expect(error.message.contains(#"spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set"#))
    }

    @Test func `immutable data stay`() throws {
        let path = try sample("ConfigMap").path
        let old = try create("ConfigMap", #"{"immutable":true}"#)
        let error = try #require(throws: StatusError.self) {
            try path.update(old.applyingMergePatch(["data": ["a": "c"]]), from: old)
        }
        #expect(error.message.contains("data: Forbidden: field is immutable when `immutable` is set"))
        let size = String(repeating: "x", count: 1_048_577)
        let large = try #require(throws: StatusError.self) { try create("ConfigMap", #"{"data":{"a":"\#(size)"}}"#) }
        #expect(large.message.contains("Too long: may not be more than 1048576 bytes"))
    }
}
