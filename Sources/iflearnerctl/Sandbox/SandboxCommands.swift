// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Records
import Rollout
import Sandbox
import Values
import YAMLText

/// `sandbox up`: starts the embedded API server.
struct SandboxUp: ProgramCommand {
    static let manual = Manual(
        "up", summary: "Start the embedded API server",
        discussion: "It listens on 127.0.0.1 alone, keeps its objects over a restart, and any kubectl can use it.",
        examples: [
            .init("iflearnerctl sandbox up", "Start it; --sandbox on a command that changes something does so too."),
            .init("export KUBECONFIG=$(iflearnerctl sandbox kubeconfig --path)", "Look around with kubectl."),
        ])
    static let parameters: [Parameter<SandboxUp>] =
        [
            .option("port", nil, \.port, "PORT", "The port; default is the last one, or a free one."),
            .option("kube-version", nil, \.release, "V", "The Kubernetes release to serve (default 1.33)."),
        ] + GlobalOptions.lifted(\.global)

    var port: Int?
    var release: KubernetesRelease?
    var global = GlobalOptions()

    func validate() throws(UsageError) {
        if let port, !(1...65535).contains(port) { throw UsageError("there is no port \(port)") }
    }

    func run(in context: AppContext) async throws -> CommandStatus {
        let handle = SandboxHandle(state: try context.stateDirectory(), context: context)
        var settings = SandboxServe.Settings()
        if let port { settings.port = UInt16(clamping: port) }
        if let release { settings.minor = release.minor }
        try await handle.start(settings)
        return try SandboxStatus.show(handle, global.output)
    }
}

/// `sandbox status`: whether it runs, and where.
struct SandboxStatus: ProgramCommand {
    static let manual = Manual(
        "status", summary: "Say whether the sandbox runs, and where",
        examples: [
            .init("iflearnerctl sandbox status -o json", "For programs; the exit code is 16 when it does not run.")
        ])
    static let parameters: [Parameter<SandboxStatus>] = GlobalOptions.lifted(\.global)

    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        try Self.show(SandboxHandle(state: try context.stateDirectory(), context: context), global.output)
    }

    /// Prints the status; the code tells whether it runs.
    static func show(_ handle: SandboxHandle, _ format: OutputFormat?) throws -> CommandStatus {
        let directory = try handle.directory()
        let running = directory.running
        var record: Mapping = ["running": .bool(running != nil), "directory": .string(directory.path)]
        if let running {
            record["pid"] = .int(Int64(running.process))
            record["server"] = .string("https://127.0.0.1:\(running.port)")
            record["kubeconfig"] = .string(directory.kubeconfigPath)
        }
        let output = handle.context.output
        switch format {
        case .json: output.result(Value.mapping(record).jsonString(.pretty))
        case .yaml: output.resultText(Value.mapping(record).yamlString(keys: .given))
        default:
            if let running {
                output.result("the sandbox runs: https://127.0.0.1:\(running.port), process \(running.process)")
                output.result("kubeconfig: \(directory.kubeconfigPath)")
            } else {
                output.result("the sandbox does not run; its objects are kept in \(directory.path)")
            }
        }
        return CommandStatus(rawValue: Int32((running == nil ? ExitCode.notFound : .success).rawValue))
    }
}

/// `sandbox down`: stops the embedded API server.
struct SandboxDown: ProgramCommand {
    static let manual = Manual(
        "down", summary: "Stop the sandbox; its objects are kept",
        examples: [.init("iflearnerctl sandbox down", "Refused while a job is at work on it.")])
    static let parameters: [Parameter<SandboxDown>] =
        [.flag("force", nil, \.force, "Stop it although a job is at work.")] + GlobalOptions.lifted(\.global)

    var force = false
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let handle = SandboxHandle(state: try context.stateDirectory(), context: context)
        guard try handle.directory().running != nil else {
            context.output.result("the sandbox does not run")
            return .success
        }
        if !force { try await refuseLiveJobs(context) }
        try await handle.stop()
        context.output.result("the sandbox is down")
        return .success
    }

    private func refuseLiveJobs(_ context: AppContext) async throws {
        var global = global
        global.sandbox = true
        let connection = try await context.connect(global)
        let jobs = try await connection.shown(try await connection.finder(allNamespaces: true).jobs())
        guard let live = jobs.first(where: { [.pending, .running, .stopping].contains($0.status) }) else { return }
        throw DeploymentError(
            .refused, "job \(live.id) is at work on the sandbox",
            hint: "wait for it: iflearnerctl job watch \(live.id.prefix(8)) --sandbox, or --force")
    }
}

/// `sandbox reset`: forgets every object.
struct SandboxReset: ProgramCommand {
    static let manual = Manual(
        "reset", summary: "Forget every object of the sandbox",
        examples: [
            .init("iflearnerctl sandbox reset", "It runs again afterwards if it ran before, at the same address.")
        ])
    static let parameters: [Parameter<SandboxReset>] = GlobalOptions.lifted(\.global)

    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let handle = SandboxHandle(state: try context.stateDirectory(), context: context)
        let directory = try handle.directory()
        let wasRunning = directory.running != nil
        try await handle.stop()
        try directory.forgetObjects()
        if wasRunning { try await handle.start(SandboxServe.Settings()) }
        context.output.result("the sandbox is empty")
        return .success
    }
}

/// `sandbox kubeconfig`: how other programs reach it.
struct SandboxKubeconfig: ProgramCommand {
    static let manual = Manual(
        "kubeconfig", summary: "Print the sandbox's kubeconfig, which holds its token, or its path",
        examples: [
            .init("export KUBECONFIG=$(iflearnerctl sandbox kubeconfig --path)", "Let kubectl use it."),
            .init("iflearnerctl sandbox kubeconfig > sandbox.kubeconfig", "A copy."),
        ])
    static let parameters: [Parameter<SandboxKubeconfig>] =
        [.flag("path", nil, \.path, "Print the path of the file instead.")] + GlobalOptions.lifted(\.global)

    var path = false
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let handle = SandboxHandle(state: try context.stateDirectory(), context: context)
        let file = try await handle.kubeconfig(starting: false)
        if path {
            context.output.result(file)
        } else {
            context.output.resultText(try handle.directory().kubeconfig())
        }
        return .success
    }
}
