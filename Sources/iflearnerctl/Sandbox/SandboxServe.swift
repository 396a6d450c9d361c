// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Processes
import Sandbox
import Values

/// The process of the sandbox: it serves until it is asked to stop.
struct SandboxServe: ProgramCommand {
    static let manual = Manual("serve", summary: "Serve in the foreground", isHidden: true)
    static let parameters: [Parameter<SandboxServe>] = []

    /// How it is started, as told through standard input.
    struct Settings {
        var port: UInt16 = 0
        var minor = SandboxConfiguration().minorVersion

        var json: Value { ["port": .int(Int64(port)), "minor": .int(Int64(minor))] }
    }

    func run(in context: AppContext) async throws -> CommandStatus {
        let settings = try DetachedProcess.instructions()
        var configuration = SandboxConfiguration()
        configuration.stateDirectory = try context.stateDirectory().sandbox
        configuration.timeScale = Double(context.timeScale)
        configuration.programs = [OperatorProgram.program(time: context.time)]
        if let port = settings["port"]?.int { configuration.port = UInt16(clamping: port) }
        if let minor = settings["minor"]?.int { configuration.minorVersion = Int(minor) }
        let signals = SignalStream.signals([.interrupt, .terminate])
        let server = try await SandboxServer.start(configuration)
        DetachedProcess.confirm()
        for await _ in signals { break }
        await server.stop()
        return .success
    }
}
