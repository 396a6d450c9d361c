// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Training: what its pods get, and how a federate's reach the server side.
extension PlanSchema {
    static let jobs = Field(
        "jobs",
        .object([
            Field(
                "namespace", .text(.dnsLabel), default: "default", "where training pods run",
                details: "The stock flow images insist on `default`; the chart redirects them."),
            Field(
                "allowImages", .list(.text(.imagePrefix)),
                "beginnings of the images that tasks may name; without it, all",
                details:
                    "Compared part by part: `ghcr.io/iflytek` allows `ghcr.io/iflytek/iflearner`, not `ghcr.io/iflytek-x/y`. What counts is the name in the task, not what `registry` and `registryMirrors` make of it; one that lies below a mirror counts as what it is a copy of, too. A job with another image is refused.",
                example: "[harbor.example/fl/, ghcr.io/iflytek/]"),
            resources("CPU, memory and devices of a training container that names none"),
            nodeSelector, tolerations,
            Field(
                "runtimeClassName", .textOrEmpty(.dnsSubdomain), default: "",
                "RuntimeClass of training pods, such as nvidia"),
            Field(
                "shmSize", .textOrEmpty(.storageSize), default: "",
                "size of /dev/shm, which data loaders fill; \"\" = the runtime's, mostly 64 MiB"),
            Field(
                "data",
                .list(
                    .object([
                        Field("path", .text(.cleanPath), "the folder that a task asks for", required: .always),
                        Field(
                            "existingClaim", .text(.dnsSubdomain),
                            "the claim in jobs.namespace that is mounted instead", required: .always),
                        Field("readOnly", .boolean, default: true, "false: training may write to the claim"),
                    ])), "folders that tasks may ask for, and the claims that they get",
                details:
                    "A task asks for a folder of the node by its path, and gets it at `/data`. With this key it gets the claim, and a job that asks for any other folder is refused; `[]` refuses every folder. Without it folders of nodes are mounted as tasks ask for them.",
                example: "[{path: /data/lung-ct, existingClaim: lung-ct-training}]"),
            Field(
                "env",
                .list(
                    .object([
                        Field("name", .text(.environmentName), "the variable", required: .always),
                        Field("value", .text(.any), "its value", required: .always),
                    ])), default: [], "environment variables of training containers; they stand in a ConfigMap",
                isSecret: true, example: "[{name: OMP_NUM_THREADS, value: \"4\"}]"),
            Field(
                "labels", .dictionary(key: .labelKey, value: .text(.labelValue)), default: [:],
                "labels of training pods, beside commonLabels"),
            Field(
                "evictionGuard", .boolean, default: false,
                "a PodDisruptionBudget on each running aggregator (role: server)",
                details: "Draining a node then waits for the training round, or is told to go on."),
        ]), "training pods",
        details:
            "The jobs that flow-server and flow-federate create name an image, arguments and a folder, and nothing else. What is set here is filled in by the operator where a job leaves it out; with `namespace` alone pods are made as the job says. `podSecurity` holds for training pods as soon as another key of the block is set; `imagePullSecrets`, `registry` and `registryMirrors` hold for them in any case. A change holds for jobs that start after it, and restarts nothing."
    )

    static let egress = Field(
        "egress",
        .object([
            Field(
                "mode", .choice(["direct", "relay"]), default: "direct",
                "relay: one small pod tunnels through the proxy, TLS end to end",
                details:
                    "Trainers cannot use a proxy by themselves: gRPC would let the proxy resolve names that only this cluster knows. No proxy variable is ever put into a training pod."
            ),
            Field(
                "proxy", .textOrEmpty(.proxyURL), default: "", "the HTTP proxy that the relay goes through",
                example: "http://proxy.example:3128"),
            Field(
                "noProxy", .list(.text(.noProxy)), default: [],
                "what the relay reaches without the proxy: names, .domains, addresses, ranges",
                details: "`.svc` and the cluster's own domain are added.", example: "[.hospital.example]"),
            Field(
                "proxySecret", .textOrEmpty(.dnsSubdomain), default: "",
                "a Secret with the keys username and password, if the proxy wants a login"),
            Field(
                "proxyCA", .textOrEmpty(.dnsSubdomain), default: "",
                "a ConfigMap with the key ca.crt: who vouches for an https:// proxy with a private certificate",
                details:
                    "One certificate or several, as PEM; they count instead of the public authorities, and a change counts for the next connection.",
                example: "proxy-ca"),
        ]), "how this cluster reaches the server side (role: federate)")

    static let dns = Field(
        "dns",
        .object([
            Field(
                "mode", .choice(["external", "hostAliases"]),
                "how training pods find `<task>.server.iflearner.com`; external: by your own DNS",
                details:
                    "`hostAliases` writes the name into the pods' own hosts files, for which nobody needs rights on the cluster's DNS: the address of the relay, or of `flow-federate.trainingAddress`. It is the default with `egress.mode: relay`, `external` without."
            )
        ]), "names of training tasks (role: federate)")
}
