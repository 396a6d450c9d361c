// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What a cluster holds before anybody has created anything: namespaces, the node, a storage class, the API's own Service.
struct Bootstrap {
    /// The version of Kubernetes that the node says it runs, such as `v1.36.2`.
    var version: String
    /// The port at which the API server listens on loopback.
    var port: Int

    /// Creates what is missing.
    ///
    /// - Throws: `StoreError`.
    func install(in cluster: Cluster) throws {
        for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
            try add(
                .namespaces, to: cluster,
                [
                    "metadata": ["name": .string(name), "labels": ["kubernetes.io/metadata.name": .string(name)]],
                    "spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"],
                ])
        }
        try addPriorityClasses(to: cluster)
        try add(
            .storageClasses, to: cluster,
            [
                "metadata": [
                    "name": "standard", "annotations": ["storageclass.kubernetes.io/is-default-class": "true"],
                ], "provisioner": "sandbox.iflearnerctl.io/provisioner", "reclaimPolicy": "Delete",
                "volumeBindingMode": "WaitForFirstConsumer",
            ])
        try addNode(to: cluster)
        try addService(to: cluster)
    }

    private func add(_ resource: GroupResource, to cluster: Cluster, _ object: Value) throws {
        guard cluster.state.object(ObjectKey(resource, of: Fields(object))) == nil else { return }
        try cluster.create(resource, object)
    }

    private func addPriorityClasses(to cluster: Cluster) throws {
        for (name, value, help) in [
            ("system-cluster-critical", 2_000_000_000 as Int64, "system critical pods that must run in the cluster"),
            (
                "system-node-critical", 2_000_001_000,
                "system critical pods that must not be moved from their current node"
            ),
        ] {
            try add(
                .priorityClasses, to: cluster,
                [
                    "metadata": ["name": .string(name)], "value": .int(value),
                    "preemptionPolicy": "PreemptLowerPriority",
                    "description": .string("Used for \(help)."),
                ])
        }
    }

    private func addNode(to cluster: Cluster) throws {
        let name: Value = .string(Cluster.nodeName)
        let now: Value = .string("\(cluster.now)")
        let conditions = [
            ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ].map { type, status, reason, message -> Value in
            [
                "type": .string(type), "status": .string(status), "reason": .string(reason),
                "message": .string(message), "lastHeartbeatTime": now, "lastTransitionTime": now,
            ]
        }
        let capacity: Value = [
            "cpu": "16", "memory": "64Gi", "pods": "5000", "ephemeral-storage": "500Gi", "hugepages-1Gi": "0",
            "hugepages-2Mi": "0",
        ]
        try add(
            .nodes, to: cluster,
            [
                "metadata": [
                    "name": name,
                    "labels": [
                        "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux",
                        "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux", "kubernetes.io/hostname": name,
                        "node-role.kubernetes.io/control-plane": "",
                    ],
                ],
                "spec": ["podCIDR": "10.244.0.0/16", "podCIDRs": ["10.244.0.0/16"]],
                "status": [
                    "capacity": capacity, "allocatable": capacity, "conditions": .array(conditions),
                    "addresses": [
                        ["type": "InternalIP", "address": "127.0.0.1"], ["type": "Hostname", "address": name],
                    ],
                    "daemonEndpoints": ["kubeletEndpoint": ["Port": 10250]],
                    "nodeInfo": [
                        "architecture": "amd64", "operatingSystem": "linux", "osImage": "iflearnerctl sandbox",
                        "kernelVersion": "simulated", "containerRuntimeVersion": "simulated://1.0",
                        "kubeletVersion": .string(version), "kubeProxyVersion": "", "machineID": "", "systemUUID": "",
                        "bootID": "",
                    ],
                ],
            ])
        guard let node = cluster.state.object(.nodes, Cluster.nodeName) else { return }
        let owner: Value = [
            "apiVersion": "v1", "kind": "Node", "name": name, "uid": .string(node.objectUID),
        ]
        try add(
            .leases, to: cluster,
            [
                "metadata": ["name": name, "namespace": "kube-node-lease", "ownerReferences": [owner]],
                "spec": [
                    "holderIdentity": name, "leaseDurationSeconds": 40,
                    "renewTime": .string(cluster.now.microseconds),
                ],
            ])
    }

    private func addService(to cluster: Cluster) throws {
        let labels: Value = ["component": "apiserver", "provider": "kubernetes"]
        try add(
            .services, to: cluster,
            [
                "metadata": ["name": "kubernetes", "namespace": "default", "labels": labels],
                "spec": [
                    "type": "ClusterIP", "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "ipFamilies": ["IPv4"],
                    "ipFamilyPolicy": "SingleStack", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster",
                    "ports": [["name": "https", "port": 443, "protocol": "TCP", "targetPort": .int(Int64(port))]],
                ],
                "status": ["loadBalancer": [:]],
            ])
        try add(
            .endpoints, to: cluster,
            [
                "metadata": ["name": "kubernetes", "namespace": "default"],
                "subsets": [
                    [
                        "addresses": [["ip": "127.0.0.1"]],
                        "ports": [["name": "https", "port": .int(Int64(port)), "protocol": "TCP"]],
                    ]
                ],
            ])
    }
}
