// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What the node gives to the programs in its containers: a place in the cluster, and a way to the API server.
struct ProgramHost: Sendable {
    let running: RunningPrograms
    let tokens: ServiceAccountTokens
    var port = 0
    var authorityPEM = ""

    /// How long tokens of programs are good: they go with their pods, and nobody renews them.
    private static let life: Int64 = 10 * 365 * 86_400

    /// The program that a container runs, with the container's environment; nil for a container that is only simulated.
    func program(of container: Fields, of pod: Fields, in state: ClusterState) -> (
        SandboxProgram, ContainerEnvironment
    )? {
        // Pods that are told what goes wrong with them are simulated.
        guard !running.isEmpty, PodScript.failure(of: pod) == nil else { return nil }
        let environment = ContainerEnvironment(container, of: pod, in: state, apiPort: port)
        let commandLine = environment.commandLine(of: container)
        return running.program(image: container.image.text, commandLine: commandLine).map { ($0, environment) }
    }

    /// Starts a program in a container that has just begun to run.
    func start(
        _ program: SandboxProgram, _ environment: ContainerEnvironment, id: String, container: Fields, of pod: Fields,
        in cluster: Cluster
    ) {
        let log = ProgramLog(now: cluster.pace.wallTime)
        let place = RunningPrograms.Place(
            key: ObjectKey(.pods, of: pod), podUID: pod.objectUID, container: container.name.text)
        running.start(program, id: id, at: place, log: log) { readiness in
            PodProgram(
                namespace: pod.objectNamespace, pod: pod.objectName, container: container.name.text,
                commandLine: environment.commandLine(of: container), environment: environment.variables,
                serviceAccount: pod.spec.serviceAccountName.text, serverURL: "https://127.0.0.1:\(port)",
                authorityPEM: authorityPEM, token: token(of: container, of: pod, in: cluster.state),
                timeScale: max(cluster.pace.scale, 1), log: log, readiness: readiness)
        }
    }

    /// The token of a pod's service account, where the container mounts one.
    private func token(of container: Fields, of pod: Fields, in state: ClusterState) -> String? {
        let path = "/var/run/secrets/kubernetes.io/serviceaccount"
        guard container.volumeMounts.list.contains(where: { $0.mountPath.text == path }),
            let account = state.object(
                .serviceAccounts, namespace: pod.objectNamespace, pod.spec.serviceAccountName.text)
        else { return nil }
        return tokens.issue(for: account, ServiceAccountTokens.Request(life: Self.life, pod: pod)).token
    }
}
