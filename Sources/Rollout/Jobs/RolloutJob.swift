// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records

/// Everything that the parts of a running job share.
struct RolloutJob: Sendable {
    let context: RolloutContext
    /// The client, whose writes are put to the lock first.
    let client: ClusterClient
    let ownership: Ownership
    let log: EventLog
    let journal: Journal
    let ledger: Ledger
    let observer: ClusterObserver
    /// How long one component may take to be ready.
    let componentTimeout: Duration

    var writer: ObjectWriter {
        ObjectWriter(client: client, ownership: ownership, log: log, time: context.time, timing: context.timing)
    }

    /// The wait of a component.
    func wait(component: String) -> ReadinessWait {
        ReadinessWait(
            component: component, observer: observer, timing: context.timing, time: context.time, log: log,
            journal: journal, logTail: logTail)
    }

    /// Deletes leftovers, the last stage first; they are gone from the ledger when their deletion is accepted.
    func prune(_ leftovers: [Leftover], component: String) async throws {
        let stages = Dictionary(grouping: leftovers, by: \.entry.stage).sorted { $0.key > $1.key }
        for (_, inStage) in stages {
            let causes = try await inStage.concurrentMap { leftover -> [Cause] in
                let object = leftover.entry.key.description
                do {
                    _ = try await writer.delete(leftover.entry)
                    await ledger.removed(leftover.entry.identity)
                    await journal.update(component) { $0.done += 1 }
                    log.emit(.action(component: component, object: object, action: .delete, failure: nil))
                    return []
                } catch let error where !(error is CancellationError) {
                    let causes = RolloutError(error, component: component, object: object).causes
                    log.emit(
                        .action(
                            component: component, object: object, action: .delete, failure: causes.first?.message))
                    return causes
                }
            }.flatMap(\.self)
            guard causes.isEmpty else { throw ComponentFailure(causes) }
        }
    }

    /// The last lines of a container's log; empty where it cannot be read, which explains nothing worse.
    @Sendable private func logTail(_ source: ReadinessReason.LogSource) async -> [String] {
        let options = LogOptions(container: source.container, tail: 20, previous: source.previous)
        var lines: [String] = []
        do {
            for try await line in client.on(.status).logs(of: source.pod, options: options) { lines.append(line.text) }
        } catch {
            return lines
        }
        return lines
    }
}
