// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments

/// Every command of the program.
let commandTree = CommandTree<AppContext>.group(
    Manual(
        "iflearnerctl", summary: "Deploy the iflearner federated-learning platform on Kubernetes",
        discussion: """
            One side of a federation is described in one cluster.yaml. Work is done by asynchronous jobs, whose \
            records live in the cluster: any machine with the kubeconfig can follow them and go on with them.
            """,
        examples: [
            .init("iflearnerctl init > cluster.yaml", "Write a plan."),
            .init("iflearnerctl doctor -f cluster.yaml", "Check whether the cluster can take it."),
            .init("iflearnerctl cluster install -f cluster.yaml --wait", "Install it and watch."),
            .init("iflearnerctl cluster install -f cluster.yaml --sandbox --wait", "The same without a cluster."),
        ]),
    [
        .command(InitCommand.self),
        .command(DoctorCommand.self),
        .group(
            Manual("cluster", summary: "Install, upgrade, describe and delete deployments"),
            [
                .command(ClusterInstall.self), .command(ClusterUpgrade.self), .command(ClusterRender.self),
                .command(ClusterList.self), .command(ClusterDescribe.self), .command(ClusterDelete.self),
                .command(ClusterLogs.self),
            ]),
        .command(Uninstall.self),
        .group(
            Manual("job", summary: "Follow, stop and resume jobs"),
            [
                .command(JobList.self), .command(JobDescribe.self), .command(JobWatch.self), .command(JobLogs.self),
                .command(JobStop.self), .command(JobResume.self), .command(JobDelete.self),
            ]),
        .group(
            Manual(
                "iflearnerjob", aliases: ["ij"],
                summary: "Look at training jobs (IflearnerJobs): how far they are, what ails them"),
            [
                .command(IflearnerJobList.self), .command(IflearnerJobDescribe.self), .command(IflearnerJobLogs.self),
                .command(IflearnerJobDelete.self), .command(IflearnerJobWatch.self),
            ]),
        .group(
            Manual("chart", summary: "Look at the bundled charts"),
            [
                .command(ChartList.self), .command(ChartShow.self),
                .elsewhere(
                    name: "upload",
                    advice: "charts are part of the program: a plan's chartName and chartVersion choose one"),
                .elsewhere(name: "describe", advice: "use 'iflearnerctl chart show NAME'"),
                .elsewhere(name: "delete", advice: "the bundled charts stay; there is nothing to delete"),
            ]),
        .group(Manual("images", summary: "List images for mirrors and air-gapped sites"), [.command(ImagesList.self)]),
        .group(Manual("rbac", summary: "Print the rights that a plan needs"), [.command(RBACPrint.self)]),
        .group(
            Manual("operator", summary: "Run the controller of IflearnerJobs, or print how to"),
            [.command(OperatorRun.self), .command(OperatorManifests.self)]),
        .group(
            Manual("sandbox", summary: "Run the embedded API server"),
            [
                .command(SandboxUp.self), .command(SandboxDown.self), .command(SandboxStatus.self),
                .command(SandboxReset.self), .command(SandboxKubeconfig.self), .command(SandboxServe.self),
            ]),
        .command(RelayCommand.self),
        .group(Manual("namespace", summary: "List namespaces"), [.command(NamespaceList.self)]),
        .command(VersionCommand.self),
        .command(CompletionCommand.self),
        .command(WorkerCommand.self),
        .command(CompleteCommand.self),
        .command(DocumentCommand.self),
        .elsewhere(name: "user", advice: "there are no users of its own: the kubeconfig says who you are"),
        .elsewhere(
            name: "supportbundle", advice: "use 'job describe', 'cluster describe' and 'cluster logs'; all take -o json"
        ),
        .elsewhere(name: "service", advice: "there is no service: the program speaks to the API server itself"),
    ])
