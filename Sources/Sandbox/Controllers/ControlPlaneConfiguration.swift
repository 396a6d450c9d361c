// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What the simulated control plane tells of itself, and what it runs.
struct ControlPlaneConfiguration: Sendable {
    /// The version of Kubernetes that the node says it runs, such as `v1.36.2`.
    var version = "v1.36.2"
    /// The port at which the API server listens on loopback.
    var port = 6443
    /// The certificates that the API server's own chains to, as PEM.
    var certificateAuthority = ""
    /// How long things take on the node.
    var timing = KubeletTiming()
    /// What runs the programs of containers; nil where all containers are simulated.
    var programs: ProgramHost?
    /// The trainings in the pods.
    var trainings: Trainings?
    /// Whether there are a scheduler and a kubelet; without them pods stay Pending.
    var hasNode = true

    /// The controllers, in the order in which they look at a change.
    func makeControllers() -> [any Controller] {
        var controllers: [any Controller] = [
            NamespaceLifecycle(), NamespaceContents(certificateAuthority: certificateAuthority), VolumeBinding(),
            DeploymentController(), ReplicaSetController(), StatefulSetController(), DaemonSetController(),
            JobController(), CronJobController(), EndpointsController(), LoadBalancerController(),
            DisruptionController(), QuotaController(), EventRetention(), GarbageCollector(),
        ]
        if hasNode {
            var programs = programs
            programs?.port = port
            programs?.authorityPEM = certificateAuthority
            let memory = KubeletMemory(programs: programs, trainings: trainings)
            controllers += [Scheduler(), Kubelet(timing: timing, memory)] as [any Controller]
        }
        return controllers
    }
}
