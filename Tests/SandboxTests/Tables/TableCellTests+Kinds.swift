// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

@testable import Sandbox

extension TableCellTests {
    private static func row(_ group: String, _ resource: String, _ fields: String, _ cells: [Value]) -> TableCase {
        TableCase(group: group, resource: resource, object: "{\(metadata),\(fields)}", cells: cells)
    }

    private static let template =
        #""template":{"spec":{"containers":[{"name":"c","image":"i:1"},{"name":"d","image":"j"}]}}"#
    private static let selector =
        #""selector":{"matchLabels":{"b":"2","a":"1"},"matchExpressions":[{"key":"k","operator":"In","values":["y","x"]}]}"#

    static let workloadCases: [TableCase] = [
        row(
            "apps", "deployments",
            #""spec":{"replicas":3,\#(selector),\#(template)},"status":{"readyReplicas":2,"updatedReplicas":3}"#,
            ["x", "2/3", 3, 0, "5m", "c,d", "i:1,j", "a=1,b=2,k in (x,y)"]),
        row(
            "apps", "replicasets", #""spec":{"replicas":2,\#(template)},"status":{"replicas":2}"#,
            ["x", 2, 2, 0, "5m", "c,d", "i:1,j", "<none>"]),
        row(
            "apps", "statefulsets", #""spec":{"replicas":1,\#(template)},"status":{"readyReplicas":1}"#,
            ["x", "1/1", "5m", "c,d", "i:1,j"]),
        row(
            "apps", "daemonsets", #""spec":{\#(template)},"status":{"desiredNumberScheduled":1,"numberReady":1}"#,
            ["x", 1, 0, 1, 0, 0, "<none>", "5m", "c,d", "i:1,j", "<none>"]),
        row(
            "batch", "jobs",
            #""spec":{"completions":1,\#(template)},"status":{"startTime":"2026-11-20T12:55:00Z"}"#,
            ["x", "Running", "0/1", "5m", "5m", "c,d", "i:1,j", "<none>"]),
        row(
            "batch", "jobs",
            """
            "spec":{"parallelism":2},"status":{"succeeded":1,"startTime":"2026-11-20T12:55:00Z",
            "completionTime":"2026-11-20T12:55:07Z","conditions":[{"type":"Complete","status":"True"}]}
            """, ["x", "Complete", "1/1 of 2", "7s", "5m", "", "", "<none>"]),
        row(
            "batch", "cronjobs", #""spec":{"schedule":"0 3 * * *","suspend":false},"status":{"active":[{}]}"#,
            ["x", "0 3 * * *", "<none>", "False", 1, "<none>", "5m", "", "", "<none>"]),
        row(
            "apps", "controllerrevisions", #""revision":4"#, ["x", "<none>", "4", "5m"]),
        row(
            "policy", "poddisruptionbudgets", #""spec":{"minAvailable":1},"status":{"disruptionsAllowed":1}"#,
            ["x", "1", "N/A", 1, "5m"]),
        row(
            "autoscaling", "horizontalpodautoscalers",
            """
            "spec":{"scaleTargetRef":{"kind":"Deployment","name":"w"},"maxReplicas":3,"metrics":[
            {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}]}
            """, ["x", "Deployment/w", "cpu: <unknown>/80%", "<unset>", 3, 0, "5m"]),
    ]

    static let networkCases: [TableCase] = [
        row(
            "", "services",
            #""spec":{"type":"NodePort","clusterIP":"10.0.0.9","clusterIPs":["10.0.0.9"],"selector":{"app":"w"},"# + """
                "ports":[{"port":1235,"nodePort":32235,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}
                """, ["x", "NodePort", "10.0.0.9", "<none>", "1235:32235/TCP,53/UDP", "5m", "app=w"]),
        row(
            "", "services", #""spec":{"type":"LoadBalancer","clusterIP":"10.0.0.9","ports":[{"port":80}]}"#,
            ["x", "LoadBalancer", "10.0.0.9", "<pending>", "80/TCP", "5m", "<none>"]),
        row(
            "", "services",
            #""spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"10.9.0.1"},{"hostname":"h"}]}}"#,
            ["x", "LoadBalancer", "<none>", "10.9.0.1,h", "<none>", "5m", "<none>"]),
        row(
            "", "services", #""spec":{"type":"ExternalName","externalName":"db.example.org"}"#,
            ["x", "ExternalName", "<none>", "db.example.org", "<none>", "5m", "<none>"]),
        row(
            "", "endpoints",
            #""subsets":[{"addresses":[{"ip":"1.1.1.1"},{"ip":"1.1.1.2"}],"ports":[{"port":80},{"port":81}]}]"#,
            ["x", "1.1.1.1:80,1.1.1.2:80,1.1.1.1:81 + 1 more...", "5m"]),
        row("", "endpoints", #""subsets":[]"#, ["x", "<none>", "5m"]),
        row(
            "discovery.k8s.io", "endpointslices",
            #""addressType":"IPv4","ports":[{"name":"a","port":80}],"endpoints":[{"addresses":["1.1.1.1"]}]"#,
            ["x", "IPv4", "80", "1.1.1.1", "5m"]),
        row(
            "networking.k8s.io", "ingresses",
            """
            "spec":{"ingressClassName":"nginx","tls":[{}],"rules":[{"host":"a"},{"host":"b"},{"host":"c"},{"host":"d"}]},
            "status":{"loadBalancer":{"ingress":[{"ip":"10.9.0.1"}]}}
            """, ["x", "nginx", "a,b,c + 1 more...", "10.9.0.1", "80, 443", "5m"]),
        row("networking.k8s.io", "ingresses", #""spec":{"rules":[{}]}"#, ["x", "<none>", "*", "", "80", "5m"]),
        row(
            "networking.k8s.io", "networkpolicies", #""spec":{"podSelector":{}}"#, ["x", "<none>", "5m"]),
        row(
            "networking.k8s.io", "ingressclasses", #""spec":{"controller":"k8s.io/ingress-nginx"}"#,
            ["x", "k8s.io/ingress-nginx", "<none>", "5m"]),
    ]

    static let otherCases: [TableCase] = [
        row(
            "", "persistentvolumeclaims",
            """
            "spec":{"volumeName":"pvc-1","storageClassName":"standard","volumeMode":"Filesystem"},
            "status":{"phase":"Bound","capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"]}
            """, ["x", "Bound", "pvc-1", "1Gi", "RWO,RWX", "standard", "<unset>", "5m", "Filesystem"]),
        row(
            "", "persistentvolumeclaims",
            #""spec":{"storageClassName":"no"},"status":{"phase":"Pending","capacity":{"storage":"1Gi"}}"#,
            ["x", "Pending", "", "", "", "no", "<unset>", "5m", "<unset>"]),
        row(
            "", "persistentvolumes",
            """
            "spec":{"capacity":{"storage":"2Gi"},"accessModes":["ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Delete",
            "claimRef":{"namespace":"ns","name":"d"},"storageClassName":"standard","volumeMode":"Filesystem"},
            "status":{"phase":"Bound"}
            """, ["x", "2Gi", "RWO", "Delete", "Bound", "ns/d", "standard", "<unset>", "", "5m", "Filesystem"]),
        TableCase(
            group: "storage.k8s.io", resource: "storageclasses",
            object: """
                {"metadata":{"name":"standard","creationTimestamp":"2026-11-20T12:55:00Z",
                "annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"p"}
                """, cells: ["standard (default)", "p", "Delete", "Immediate", false, "5m"]),
        TableCase(
            resource: "nodes",
            object: """
                {"metadata":{"name":"n","creationTimestamp":"2026-11-20T12:55:00Z",
                "labels":{"node-role.kubernetes.io/control-plane":""}},"spec":{"unschedulable":true},
                "status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"1.2.3.4"}],
                "nodeInfo":{"kubeletVersion":"v1.36.2","osImage":"Debian","kernelVersion":"6.1","containerRuntimeVersion":"c://1"}}}
                """,
            cells: [
                "n", "Ready,SchedulingDisabled", "control-plane", "5m", "v1.36.2", "1.2.3.4", "<none>", "Debian", "6.1",
                "c://1",
            ]),
        row("", "namespaces", #""status":{"phase":"Active"}"#, ["x", "Active", "5m"]),
        row("", "secrets", #""type":"Opaque","data":{"a":"","b":""}"#, ["x", "Opaque", 2, "5m"]),
        row("", "configmaps", #""data":{"a":""},"binaryData":{"b":""}"#, ["x", 2, "5m"]),
        row("", "serviceaccounts", #""secrets":[]"#, ["x", "5m"]),
        row("coordination.k8s.io", "leases", #""spec":{"holderIdentity":"me"}"#, ["x", "me", "5m"]),
        row("rbac.authorization.k8s.io", "roles", #""rules":[]"#, ["x", "2026-11-20T12:55:00Z"]),
        row(
            "rbac.authorization.k8s.io", "rolebindings",
            """
            "roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"ServiceAccount","namespace":"n","name":"s"},
            {"kind":"User","name":"u"},{"kind":"User","name":"v"}]
            """, ["x", "Role/r", "5m", "u, v", "", "n/s"]),
        row(
            "apiextensions.k8s.io", "customresourcedefinitions", #""spec":{}"#, ["x", "2026-11-20T12:55:00Z"]),
        row(
            "", "events",
            """
            "involvedObject":{"kind":"Pod","name":"p","fieldPath":"spec.containers{c}"},"type":"Normal","reason":"Pulled",
            "message":"m","source":{"component":"kubelet","host":"n"},"count":3,
            "firstTimestamp":"2026-11-20T12:50:00Z","lastTimestamp":"2026-11-20T12:59:30Z"
            """,
            ["30s", "Normal", "Pulled", "pod/p", "spec.containers{c}", "kubelet, n", "m", "10m", "3", "x"]),
        row(
            "events.k8s.io", "events",
            """
            "regarding":{"kind":"Pod","name":"p"},"type":"Warning","reason":"BackOff","note":"m",
            "reportingController":"kubelet","eventTime":"2026-11-20T12:59:00.000000Z"
            """, ["60s", "Warning", "BackOff", "pod/p", "", "kubelet", "m", "60s", "1", "x"]),
        row("example.org", "widgets", #""spec":{}"#, ["x", "2026-11-20T12:55:00Z"]),
    ]
}
