// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The plan, key by key: parser, defaults, `init`, the JSON Schema and the reference page all come from these tables.
enum PlanSchema {
    /// The version of iflearnerctl that most keys came with.
    static let firstVersion = "0.1"

    /// The chart that is bundled, and the version of it that this build holds.
    static let chartName = "iflearner-flow"
    static let chartVersion = "v0.2.0"

    static let root: [Field] =
        identity + access + images + pods + [modules] + federation + Module.allCases.map(block) + rest

    private static let identity: [Field] = [
        Field(
            "name", .text(.dnsLabel), "name of this deployment, unique in its namespace", required: .always,
            example: "lungnet"),
        Field(
            "namespace", .text(.dnsLabel), "where it is installed; made when it is missing",
            details: "With `clusterScoped: expect` the namespace must exist.", required: .always, example: "iflearner"),
        Field("chartName", .choice([chartName]), default: .string(chartName), "the bundled chart"),
        Field(
            "chartVersion", .text(.any), default: .string(chartVersion), "the version of the chart",
            details: "This build holds \(chartVersion) alone; `chart list` prints it."),
        Field(
            "role", .choice(Role.allCases.map(\.rawValue)), "which side of the federation this is", required: .always,
            example: "server"),
        Field(
            "partyId", .text(.federateID), "our federate id: at most 10 of [a-z0-9-], unique in the federation",
            details:
                "A number such as 9999 means \"9999\". `federateId` is another name for the same key. Kubernetes allows 63 characters for the names of training pods, and the id is their end: hence the 10.",
            required: .role(.federate), example: "party-a"),
        Field("federateId", .text(.federateID), "another name for `partyId`; give one of the two"),
    ]

    private static let access: [Field] = [
        Field(
            "clusterScoped", .choice(["create", "expect"]), default: "create",
            "whether we may write CRD, ClusterRoles, IngressClass and Namespace",
            details:
                "`expect` never writes a cluster-scoped object, but checks that it is there; `cluster render --scope cluster` prints them for the administrator."
        )
    ]

    private static let images: [Field] = [
        Field(
            "registry", .textOrEmpty(.registry), default: "",
            "in front of every image without a mirror rule; \"\" = as they are",
            details:
                "`registry` + `/` + the image's path without its host: `harbor.example/fl` turns `docker.io/library/mysql:8.0.46` into `harbor.example/fl/library/mysql:8.0.46`. A module's own `image` is taken as it stands.",
            example: "harbor.example/fl"),
        Field(
            "registryMirrors", .dictionary(key: .registryHost, value: .text(.registry)), default: [:],
            "what replaces the host of an image, by host; wins over `registry`",
            example: "{ghcr.io: harbor.example/ghcr}"),
        Field(
            "imagePullSecrets",
            .list(.object([Field("name", .text(.dnsSubdomain), "the Secret's name", required: .always)])),
            default: [], "Secrets to pull images with", example: "[{name: harbor-pull}]"),
        Field(
            "pullPolicy", .choice(["IfNotPresent", "Always", "Never"]), default: "IfNotPresent",
            "when nodes pull images"),
    ]

    private static let pods: [Field] = [
        Field(
            "podSecurity", .choice(["privileged", "baseline", "restricted", "openshift"]), default: "baseline",
            "the security standard of every pod",
            details:
                "`openshift` sets no user and no group: the cluster assigns them."),
        Field(
            "persistence", .boolean, default: true, "whether data outlives its pod",
            details: "`false` keeps data in emptyDir volumes: for trying things out only."),
        Field(
            "commonLabels", .dictionary(key: .labelKey, value: .text(.labelValue)), default: [:],
            "labels of every object"),
        Field(
            "commonAnnotations", .dictionary(key: .annotationKey, value: .text(.any)), default: [:],
            "annotations of every object"),
        Field("clusterDomain", .text(.dnsSubdomain), default: "cluster.local", "the cluster's own DNS domain"),
    ]

    private static let modules = Field(
        "modules", .list(.choice(Module.allCases.map(\.name))), "what is installed",
        details:
            "Of a server: mysql, flow-server, operator, ingress-nginx (all by default). Of a federate: mysql, flow-federate, operator (by default), and ingress-nginx for secure aggregation between parties. Leave operator or ingress-nginx out where the cluster has one already.",
        example: "[mysql, flow-server, operator, ingress-nginx]")

    private static let federation: [Field] = [
        Field(
            "endpoint",
            .object([
                Field("host", .textOrEmpty(.host), default: "", "name or address by which parties reach this side"),
                Field("flowPort", .integer(1...65535), default: 32235, "the port of flow-server"),
                Field(
                    "trainingPort", .integer(1...65535), default: 30031,
                    "the port of training traffic; the stock flow images know 30031 only"),
                Field(
                    "extraPorts", .list(.integer(1...65535)), default: [],
                    "more ports for training traffic, such as 443"),
            ]), "what parties dial (role: server)"),
        Field(
            "ingress",
            .object([
                Field("className", .text(.dnsSubdomain), default: "nginx", "the IngressClass of training jobs"),
                Field(
                    "existing", .boolean, default: false,
                    "true: use a controller that is in the cluster already; then leave ingress-nginx out of modules"),
                Field(
                    "controller", .choice(["nginx", "haproxy", "traefik", "contour", "openshift", "custom"]),
                    default: "nginx",
                    "decides the annotations for gRPC"),
                Field(
                    "annotations", .dictionary(key: .annotationKey, value: .text(.any)), default: [:],
                    "annotations of training jobs' Ingresses; all of them with controller: custom"),
            ]), "how training traffic enters the cluster"),
    ]

    private static let rest: [Field] = [
        jobs, egress, dns,
        Field(
            "skippedKeys", .list(.text(.any)), default: [], "names of keys that are ignored wherever they stand",
            details: "For notes of one's own in the plan, and for keys that another version knows."),
    ]
}
