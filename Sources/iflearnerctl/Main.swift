// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import FoundationEssentials
import Glibc

@main
struct Main {
    static func main() async {
        // A reader that went away is an answer of write(2), not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let context = AppContext(environment: ProcessInfo.processInfo.environment)
        let status = await run(Array(CommandLine.arguments.dropFirst()), in: context)
        context.exit(status.rawValue)
    }

    /// Runs one command line; whatever goes wrong is explained on standard error and becomes an exit code.
    static func run(_ arguments: [String], in context: AppContext) async -> CommandStatus {
        let parser = CommandParser(commandTree, shared: GlobalOptions.parameters.map(\.description))
        do {
            switch try parser.parse(arguments) {
            case .help(let page):
                context.output.result(page)
                return .success
            case .run(let command):
                return try await command.run(in: context)
            }
        } catch {
            return ErrorReport(error).print(to: context.output)
        }
    }
}
