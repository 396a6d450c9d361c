// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct ObjectDefaultsTests {
    private func filled(_ apiVersion: String, _ kind: String, _ json: String) throws -> Value {
        let path = try WritePath(apiVersion, kind)
        var object = try path.decode(json).object
        ObjectDefaults.fill(&object, kind: path.kind)
        object = object.normalized(as: path.schema)
        var again = object
        ObjectDefaults.fill(&again, kind: path.kind)
        #expect(again.normalized(as: path.schema) == object, "filling twice changes nothing")
        object["apiVersion"] = nil
        object["kind"] = nil
        object["metadata"] = nil
        return object
    }

    private static let container = #"""
        {"name":"c","image":"r/i:1","resources":{},"terminationMessagePath":"/dev/termination-log",
        "terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}
        """#

    private static let podSpec = #"""
        {"containers":[\#(container)],"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",
        "securityContext":{},"schedulerName":"default-scheduler"}
        """#

    @Test func `a Deployment looks as kubectl shows it`() throws {
        let object = try filled(
            "apps/v1", "Deployment",
            #"{"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"r/i:1"}]}}}}"#
        )
        let expected = try Value(
            json: #"""
                {"spec":{"replicas":1,"revisionHistoryLimit":10,"progressDeadlineSeconds":600,"selector":{"matchLabels":{"a":"b"}},
                "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":"25%"}},
                "template":{"metadata":{"labels":{"a":"b"}},"spec":\#(Self.podSpec)}},"status":{}}
                """#)
        #expect(object == expected)
    }

    @Test func `a StatefulSet has its policies and claims`() throws {
        let object = try filled(
            "apps/v1", "StatefulSet",
            #"{"spec":{"serviceName":"s","selector":{},"template":{"spec":{"containers":[]}},"volumeClaimTemplates":[{"metadata":{"name":"d"},"spec":{"accessModes":["ReadWriteOnce"]}}]}}"#
        )
        let spec = try #require(object["spec"])
        #expect(spec["podManagementPolicy"] == "OrderedReady")
        #expect(spec["updateStrategy"] == ["type": "RollingUpdate", "rollingUpdate": ["partition": 0]])
        #expect(spec["persistentVolumeClaimRetentionPolicy"] == ["whenDeleted": "Retain", "whenScaled": "Retain"])
        let claim = try #require(spec["volumeClaimTemplates"]?[0])
        #expect(claim["kind"] == "PersistentVolumeClaim" && claim["apiVersion"] == "v1")
        #expect(claim["status"] == ["phase": "Pending"])
        #expect(claim[path: "spec", "volumeMode"] == "Filesystem")
    }

    @Test func `probes, ports, references and volumes are completed`() throws {
        let object = try filled(
            "v1", "Pod",
            #"""
            {"spec":{"serviceAccountName":"sa","containers":[{"name":"c","image":"i","ports":[{"containerPort":80}],
            "env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],
            "livenessProbe":{"httpGet":{"port":80}},"resources":{"limits":{"cpu":"1"}}}],
            "volumes":[{"name":"a","secret":{"secretName":"s"}},{"name":"b"},{"name":"c","hostPath":{"path":"/x"}},
            {"name":"d","projected":{"sources":[{"serviceAccountToken":{"path":"t"}}]}}]}}
            """#)
        let spec = try #require(object["spec"])
        let container = try #require(spec["containers"]?[0])
        #expect(container["imagePullPolicy"] == "Always")
        #expect(container["ports"] == [["containerPort": 80, "protocol": "TCP"]])
        #expect(container["env"]?[0]?[path: "valueFrom", "fieldRef", "apiVersion"] == "v1")
        #expect(
            container["livenessProbe"] == [
                "httpGet": ["port": 80, "path": "/", "scheme": "HTTP"], "timeoutSeconds": 1, "periodSeconds": 10,
                "successThreshold": 1, "failureThreshold": 3,
            ])
        #expect(container["resources"] == ["limits": ["cpu": "1"], "requests": ["cpu": "1"]])
        #expect(spec["serviceAccount"] == "sa")
        #expect(spec["enableServiceLinks"] == true)
        #expect(
            spec["volumes"] == [
                ["name": "a", "secret": ["secretName": "s", "defaultMode": 420]], ["name": "b", "emptyDir": [:]],
                ["name": "c", "hostPath": ["path": "/x", "type": ""]],
                [
                    "name": "d",
                    "projected": [
                        "defaultMode": 420,
                        "sources": [["serviceAccountToken": ["path": "t", "expirationSeconds": 3600]]],
                    ],
                ],
            ])
    }

    @Test(arguments: [
        ("i", "Always"), ("i:latest", "Always"), ("i:1", "IfNotPresent"), ("r:5000/i", "Always"),
        ("r:5000/i:2", "IfNotPresent"), ("i@sha256:0000", "IfNotPresent"),
    ])
    func `the pull policy depends on the tag`(image: String, policy: String) throws {
        let object = try filled("v1", "Pod", #"{"spec":{"containers":[{"name":"c","image":"\#(image)"}]}}"#)
        #expect(object[path: "spec", "containers"]?[0]?["imagePullPolicy"]?.string == policy)
    }

    @Test func `a Service is shaped by its type`() throws {
        let plain = try filled("v1", "Service", #"{"spec":{"ports":[{"port":80}]}}"#)
        let expected = try Value(
            json: #"""
                {"spec":{"ports":[{"port":80,"protocol":"TCP","targetPort":80}],"sessionAffinity":"None","type":"ClusterIP",
                "internalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{}}}
                """#)
        #expect(plain == expected)
        let balanced = try filled("v1", "Service", #"{"spec":{"type":"LoadBalancer","ports":[{"port":80}]}}"#)
        #expect(balanced[path: "spec", "externalTrafficPolicy"] == "Cluster")
        #expect(balanced[path: "spec", "allocateLoadBalancerNodePorts"] == true)
        let sticky = try filled("v1", "Service", #"{"spec":{"sessionAffinity":"ClientIP","ports":[{"port":80}]}}"#)
        #expect(sticky[path: "spec", "sessionAffinityConfig"] == ["clientIP": ["timeoutSeconds": 10800]])
    }

    @Test func `texts of a Secret become data`() throws {
        let object = try filled("v1", "Secret", #"{"data":{"a":"YQ=="},"stringData":{"b":"ü"}}"#)
        #expect(object == ["type": "Opaque", "data": ["a": "YQ==", "b": "w7w="]])
    }

    @Test func `Jobs and CronJobs`() throws {
        let job = try filled(
            "batch/v1", "Job",
            #"{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"r/i:1"}]}}}}"#)
        let spec = try #require(job["spec"])
        #expect(spec["completions"] == 1 && spec["parallelism"] == 1 && spec["backoffLimit"] == 6)
        #expect(spec["completionMode"] == "NonIndexed" && spec["suspend"] == false)
        #expect(spec["podReplacementPolicy"] == "TerminatingOrFailed")
        let cron = try filled(
            "batch/v1", "CronJob",
            #"{"spec":{"schedule":"@daily","jobTemplate":{"spec":{"template":{"spec":{"containers":[]}}}}}}"#)
        #expect(cron[path: "spec", "concurrencyPolicy"] == "Allow")
        #expect(cron[path: "spec", "jobTemplate", "spec", "template", "spec", "dnsPolicy"] == "ClusterFirst")
        #expect(cron[path: "spec", "jobTemplate", "spec", "completions"] == nil)
    }

    @Test func `policies, bindings, webhooks and definitions`() throws {
        let policy = try filled(
            "networking.k8s.io/v1", "NetworkPolicy", #"{"spec":{"podSelector":{},"egress":[{"ports":[{"port":53}]}]}}"#)
        #expect(policy[path: "spec", "policyTypes"] == ["Ingress", "Egress"])
        let binding = try filled(
            "rbac.authorization.k8s.io/v1", "RoleBinding",
            #"{"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"ServiceAccount","name":"s"}]}"#
        )
        #expect(binding[path: "roleRef", "apiGroup"] == "rbac.authorization.k8s.io")
        #expect(binding["subjects"]?[0]?["apiGroup"] == "rbac.authorization.k8s.io")
        #expect(binding["subjects"]?[1]?["apiGroup"] == nil)
        let hook = try filled(
            "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration",
            #"{"webhooks":[{"name":"a","rules":[{"operations":["*"]}],"clientConfig":{"service":{"name":"s","namespace":"n"}}}]}"#
        )
        let entry = try #require(hook["webhooks"]?[0])
        #expect(
            entry["failurePolicy"] == "Fail" && entry["timeoutSeconds"] == 10 && entry["reinvocationPolicy"] == "Never")
        #expect(entry[path: "clientConfig", "service", "port"] == 443)
        #expect(entry["namespaceSelector"] == [:])
        let definition = try filled(
            "apiextensions.k8s.io/v1", "CustomResourceDefinition",
            #"{"spec":{"group":"x.io","scope":"Namespaced","names":{"plural":"as","kind":"Abc"},"versions":[]}}"#)
        #expect(definition[path: "spec", "names", "singular"] == "abc")
        #expect(definition[path: "spec", "names", "listKind"] == "AbcList")
        #expect(definition[path: "spec", "conversion"] == ["strategy": "None"])
    }
}
