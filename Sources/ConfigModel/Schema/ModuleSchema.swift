// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension PlanSchema {
    /// The block of a module.
    static func block(_ module: Module) -> Field {
        switch module {
        case .mysql: mysql
        case .flowServer: flowServer
        case .flowFederate: flowFederate
        case .operator: operatorBlock
        case .ingressNginx: ingressNginx
        }
    }

    // MARK: What every module has

    private static func image(_ standard: ImageDefaults.Image) -> [Field] {
        image(details: "Its image by default: `\(standard.name):\(standard.tag)`.")
    }

    private static func image(details: String) -> [Field] {
        [
            Field(
                "image", .textOrEmpty(.image), default: "",
                "an image of one's own, taken as it stands; \"\" = the default image by `registry` and `registryMirrors`"
            ),
            Field("imageTag", .textOrEmpty(.imageTag), default: "", "another tag of the image", details: details),
        ]
    }

    private static func pods(_ resources: Value) -> [Field] {
        [
            self.resources(default: resources, "CPU and memory of a pod"), nodeSelector, tolerations,
            Field("affinity", .anything, default: [:], "affinity of the pods, as Kubernetes has it"),
        ]
    }

    private static let values = Field(
        "values", .anything, default: [:], "values for the module's chart, merged last", isSecret: true)

    private static func service(
        types: [String] = ["ClusterIP", "NodePort", "LoadBalancer"], default type: Value = "ClusterIP",
        _ summary: String
    ) -> [Field] {
        [Field("type", .choice(types), default: type, summary)] + loadBalancer
    }

    private static let loadBalancer: [Field] = [
        Field("loadBalancerIP", .textOrEmpty(.address), default: "", "the address to ask for, with type: LoadBalancer"),
        Field(
            "loadBalancerSourceRanges", .list(.text(.cidr)), default: [],
            "who may connect, with type: LoadBalancer; [] = all"),
    ]

    private static func nodePort(_ summary: String) -> Field {
        Field("nodePort", .integer(0...32767), default: 0, summary)
    }

    // MARK: The modules

    private static let mysql = Field(
        "mysql",
        .object(
            image(ImageDefaults.mysql) + [
                Field(
                    "existingSecret", .textOrEmpty(.dnsSubdomain), default: "",
                    "a Secret with the keys root-password and password; \"\" = generated, kept across upgrades"),
                Field(
                    "external",
                    .object([
                        Field("ip", .text(.host), "its name or address", required: .always),
                        Field("port", .integer(1...65535), default: 3306, "its port"),
                        Field("database", .text(.identifier), "the schema; it must exist", required: .always),
                        Field(
                            "user", .text(.identifier),
                            "the account: mysql_native_password, with all rights on the schema",
                            required: .always),
                        Field(
                            "passwordSecret", .text(.dnsSubdomain),
                            "the Secret that holds the password, under the key password",
                            required: .always),
                    ]), "a database that is there already; then no MySQL is installed",
                    example: "{ip: db.example, database: flow_server, user: flow, passwordSecret: flow-db}",
                    fillsDefaults: false),
                Field("storageClass", .textOrEmpty(.dnsSubdomain), default: "", "\"\" = the cluster's default class"),
                Field("size", .text(.storageSize), default: "10Gi", "size of the volume"),
                Field(
                    "accessMode", .choice(["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"]),
                    default: "ReadWriteOnce",
                    "who may mount the volume"),
                Field(
                    "existingClaim", .textOrEmpty(.dnsSubdomain), default: "",
                    "a claim that is there already, instead of a new one"),
                Field("hostPath", .textOrEmpty(.absolutePath), default: "", "a folder of a node, instead of a class"),
                Field("hostPathNode", .textOrEmpty(.dnsSubdomain), default: "", "the node of hostPath"),
                Field(
                    "nfs",
                    .object([
                        Field("server", .text(.host), "the NFS server", required: .always),
                        Field("path", .text(.absolutePath), "the exported folder", required: .always),
                    ]), "a folder of an NFS server, instead of a class", fillsDefaults: false),
                Field(
                    "backup",
                    .object([
                        Field("enabled", .boolean, default: false, "dumps on a schedule, to a volume of their own"),
                        Field("schedule", .text(.schedule), default: "0 2 * * *", "when"),
                        Field("keep", .integer(1...1000), default: 7, "how many dumps"),
                        Field("size", .text(.storageSize), default: "10Gi", "size of the volume"),
                        Field(
                            "beforeUpgrade", .boolean, default: false,
                            "one more dump before every upgrade; needs backup.enabled"),
                    ]), "backups"),
            ] + service("how the database is reached from outside") + [nodePort("with type: NodePort; 0 = any")]
                + pods(["requests": ["cpu": "250m", "memory": "512Mi"], "limits": ["memory": "2Gi"]]) + [values]),
        "the database of the flow services")

    private static let flowServer = Field(
        "flow-server",
        .object(
            image(ImageDefaults.flowServer) + [
                Field(
                    "aggregator", .object(image(ImageDefaults.aggregator)),
                    "the image of the server side of a training task")
            ]
                + service("how parties reach it; it has no login of its own") + [
                    nodePort("with type: NodePort; 0 = endpoint.flowPort")
                ] + pods(["requests": ["cpu": "100m", "memory": "256Mi"], "limits": ["memory": "1Gi"]]) + [values]),
        "the scheduler of the server side")

    private static let flowFederate = Field(
        "flow-federate",
        .object(
            [
                Field(
                    "serverAddress", .text(.hostPort), "host:port of flow-server as seen from here",
                    required: .role(.federate), example: "fl.coord.example:32235"),
                Field(
                    "trainingAddress", .textOrEmpty(.hostPort), default: "",
                    "host:port that leads to the server side's training port",
                    details: "What `<task>.server.iflearner.com:30031` means here, for `egress` and `dns`.",
                    example: "fl.coord.example:30031"),
                Field(
                    "restartWhenUnregistered", .boolean, default: true,
                    "liveness: restart when the server answers, but does not list our id"),
                Field(
                    "relay",
                    .object(
                        image(
                            details:
                                "Another tag of the image. By default the relay has the image of the operator, for both are this program."
                        ) + [
                            Field(
                                "replicas", .integer(1...10), default: 1,
                                "more than one, and a lost node cuts only some of the connections"),
                            resources(
                                default: [
                                    "requests": ["cpu": "20m", "memory": "32Mi"], "limits": ["memory": "128Mi"],
                                ],
                                "CPU and memory of a pod"),
                        ]), "the relay of egress.mode: relay"),
            ] + image(ImageDefaults.flowFederate)
                + service("how its REST API is reached; it has no login") + [
                    nodePort("with type: NodePort; 0 = any")
                ] + pods(["requests": ["cpu": "100m", "memory": "256Mi"], "limits": ["memory": "1Gi"]]) + [values]),
        "the scheduler of a federate")

    private static let operatorBlock = Field(
        "operator",
        .object(
            image(ImageDefaults.operator) + [
                Field(
                    "implementation", .choice(["builtin", "upstream"]), default: "builtin",
                    "upstream is the Go controller, which works below Kubernetes 1.22 only")
            ]
                + pods(["requests": ["cpu": "10m", "memory": "64Mi"], "limits": ["cpu": "500m", "memory": "256Mi"]])
                + [values]),
        "the controller of training jobs")

    private static let ingressNginx = Field(
        "ingress-nginx",
        .object(
            service(
                types: ["NodePort", "LoadBalancer", "HostPort"], default: "NodePort",
                "how endpoint.trainingPort reaches it") + [
                    nodePort("with type: NodePort; 0 = endpoint.trainingPort"),
                    Field(
                        "replicas", .integer(1...100), default: 2,
                        "one lost connection ends a training round: not a single one in production"),
                    Field(
                        "workerShutdownTimeout", .text(.duration), default: "6h",
                        "how long a reload or restart lets running connections end"),
                    Field(
                        "existingController",
                        .object([
                            Field(
                                "namespace", .textOrEmpty(.dnsLabel), default: "",
                                "where its pods are; \"\" = our namespace"),
                            Field(
                                "selector", .dictionary(key: .labelKey, value: .text(.labelValue)), default: [:],
                                "the labels of its pods"),
                            Field("targetPort", .text(.any), default: "https", "name or number of its TLS port"),
                        ]), "with ingress.existing: a Service on endpoint.trainingPort for that controller"),
                ]
                + image(
                    details:
                        "Its image by default: `\(ImageDefaults.ingressNginx)` of the version tested with the cluster's Kubernetes."
                ) + pods(["requests": ["cpu": "100m", "memory": "128Mi"]]) + [values]),
        "the ingress controller that parties reach on the training port")
}
