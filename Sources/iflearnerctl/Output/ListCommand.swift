// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Processes

/// A command that prints a list of what is in a cluster.
protocol ListCommand: ProgramCommand<AppContext> {
    associatedtype Row: ListRow

    /// The options that every command has.
    var global: GlobalOptions { get }
    /// What there is.
    func rows(through connection: Connection, in context: AppContext) async throws -> [Row]
    /// What people are told when there is nothing.
    func nothing(through connection: Connection) async throws -> String
}

extension ListCommand {
    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let rows = try await rows(through: connection, in: context)
        let isForPeople = [.table, .wide].contains(global.output ?? .table)
        context.output.list(
            rows, format: global.output, now: context.time.wall(),
            nothing: rows.isEmpty && isForPeople ? try await nothing(through: connection) : "")
        return .success
    }
}
