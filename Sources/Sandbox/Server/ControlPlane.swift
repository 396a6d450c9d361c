// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The simulated control plane of a running sandbox: started, stopped, and started anew with other settings.
actor ControlPlane {
    private let api: APIServer
    private let runsControllers: Bool
    private var pace: Pace
    private var configuration: ControlPlaneConfiguration
    private let programs: RunningPrograms
    private let trainings: Trainings
    private var running: (runtime: ControllerRuntime, task: Task<Void, Never>)?

    init(
        api: APIServer, _ settings: SandboxConfiguration, version: String, tokens: ServiceAccountTokens,
        trainings: Trainings
    ) {
        self.trainings = trainings
        self.api = api
        programs = RunningPrograms(settings.programs)
        runsControllers = settings.runsControlPlane
        pace = .system(scale: settings.timeScale)
        configuration = ControlPlaneConfiguration()
        configuration.version = version
        configuration.programs = ProgramHost(running: programs, tokens: tokens)
        configuration.trainings = trainings
    }

    /// The logs of the pods.
    var logs: PodLogs { PodLogs(store: api.store, pace: pace, programs: programs) }

    /// How many times faster than real the cluster works.
    var timeScale: Double { pace.scale }

    /// Tells what is known only once the server listens.
    func configure(port: UInt16, certificateAuthority: String) {
        configuration.port = Int(port)
        configuration.certificateAuthority = certificateAuthority
    }

    /// Brings the cluster up; returns once it has what every cluster has.
    func start() async {
        guard running == nil else { return }
        guard runsControllers else {
            for name in APIServer.permanentNamespaces { addNamespace(name) }
            return
        }
        if configuration.hasNode {
            let uids = Set(pods.map(\.objectUID))
            programs.forget(except: uids)
            trainings.leave(except: uids)
            trainings.resume(pace)
        }
        let runtime = ControllerRuntime(store: api.store, pace: pace, configuration: configuration)
        let task = Task {
            // It fails only when the database does, and then every request says so.
            do { try await runtime.run() } catch { return }
        }
        running = (runtime, task)
        await runtime.settle()
    }

    private var pods: [Fields] { api.store.list(.pods).objects.map { Fields($0.value) } }

    /// Stops everything, the programs in the containers too.
    func stop() async {
        await stopControllers()
        await programs.stop()
        trainings.clear()
    }

    private func stopControllers() async {
        guard let running else { return }
        trainings.pause()
        self.running = nil
        running.runtime.stop()
        running.task.cancel()
        await running.task.value
    }

    /// Forgets all objects and brings a new cluster up.
    func reset() async throws {
        await stop()
        try api.store.clear()
        await start()
    }

    /// Goes back to what was before; every watch ends.
    func restore(_ snapshot: SandboxSnapshot) async throws {
        let wasRunning = running != nil
        await stop()
        try api.store.restore((snapshot.objects, snapshot.revision))
        if wasRunning { await start() }
    }

    /// Takes the node's scheduler and kubelet away, or gives them back.
    func setKubeletPaused(_ paused: Bool) async {
        guard configuration.hasNode == paused else { return }
        configuration.hasNode = !paused
        await restart()
    }

    func setTimeScale(_ scale: Double) async {
        pace = .system(scale: scale)
        await restart()
    }

    private func restart() async {
        guard running != nil else { return }
        await stopControllers()
        await start()
    }

    /// Waits until everything that has happened so far is dealt with.
    func settle() async { await running?.runtime.settle() }

    /// How long nothing comes by itself, in the time of a real cluster; nil when nothing is to come.
    var rest: Duration? { get async { await running?.runtime.rest } }

    private func addNamespace(_ name: String) {
        let namespace: Value = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
        guard let resource = api.registry.preferred(.namespaces) else { return }
        // It may be there since the last start.
        _ = try? api.create(resource, namespace: "", body: namespace.json(), options: WriteOptions())
    }
}
