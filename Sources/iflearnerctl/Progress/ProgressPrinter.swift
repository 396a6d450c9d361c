// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Records
import Rollout
import Synchronization
import Terminal
import Values

/// Shows a running job: a live table on a terminal, a line per change elsewhere, JSON lines with `-o json`.
///
/// Fed from any task; `run()` keeps clocks and heartbeats going until it is cancelled.
final class ProgressPrinter: Sendable {
    /// How progress is shown.
    enum Style: Sendable {
        /// A table redrawn in place on standard error.
        case live
        /// A line per change, and a heartbeat.
        case lines
        /// Events as JSON lines on standard output.
        case json
        /// Nothing: a command that does not wait for the job prints its one result alone.
        case silent
    }

    private struct State {
        var progress = JobProgress()
        var region = LiveRegion()
        var lines: ProgressLines
        var lastLine: Timestamp
        var shownWarnings: Set<String> = []
        var isFinished = false
    }

    private let style: Style
    private let output: Output
    private let time: TimeSource
    private let heartbeat: Duration
    private let state: Mutex<State>

    init(context: AppContext, format: OutputFormat?, isWaiting: Bool = true) {
        output = context.output
        time = context.time
        heartbeat = context.timing.heartbeat
        style =
            format == .json
            ? isWaiting ? .json : .silent
            : context.output.errorIsTerminal ? .live : .lines
        let now = context.time.wall()
        state = Mutex(State(lines: ProgressLines(start: now), lastLine: now))
    }

    /// Says which components will come, in the order of the plan.
    func expect(_ components: [String]) {
        state.withLock { state in
            if state.progress.rows.isEmpty { state.progress = JobProgress(components: components) }
        }
    }

    /// Takes an event of the process's own work.
    func receive(_ line: EventLine) {
        state.withLock { state in
            state.progress.update(line)
            if style == .json { return output.result(line.json.jsonString()) }
            if let note = Self.note(of: line.event), state.shownWarnings.insert(note).inserted { say(note, &state) }
            show(&state, at: time.wall())
        }
    }

    /// Says what the user should know of an event although nothing is being followed, such as who holds the lock.
    func tell(_ line: EventLine) {
        guard let note = Self.note(of: line.event) else { return }
        state.withLock { state in
            if state.shownWarnings.insert(note).inserted { output.message(escapedForTerminal(note)) }
        }
    }

    /// Takes the record of a job that another process works on.
    func receive(_ record: JobRecord, shownAs status: JobStatus) {
        state.withLock { state in
            state.progress.update(record)
            if style == .json {
                var json = record.json
                json["status"] = .string(status.rawValue)
                return output.result(json.jsonString())
            }
            show(&state, at: time.wall())
        }
    }

    /// Says something above the table.
    func say(_ text: String) {
        state.withLock { say(text, &$0) }
    }

    /// Keeps the clocks of a live table and the heartbeat of lines going, until it is cancelled.
    func run() async {
        guard style == .live || style == .lines else { return }
        let interval: Duration = style == .live ? .milliseconds(250) : min(heartbeat, .seconds(1))
        while !Task.isCancelled {
            do {
                try await time.sleep(interval)
            } catch {
                return
            }
            state.withLock { state in
                guard !state.isFinished else { return }
                let now = time.wall()
                if style == .live {
                    show(&state, at: now)
                } else if now - state.lastLine >= heartbeat {
                    state.lastLine = now
                    output.message(state.lines.heartbeat(of: state.progress, at: now))
                }
            }
        }
    }

    /// Shows the last state and leaves it behind.
    func finish() {
        state.withLock { state in
            guard !state.isFinished else { return }
            if style == .live { show(&state, at: time.wall()) }
            state.region.finish()
            state.isFinished = true
        }
    }

    private func show(_ state: inout State, at now: Timestamp) {
        guard !state.isFinished, !state.progress.rows.isEmpty else { return }
        switch style {
        case .live:
            let size = TerminalSize.current
            let table = state.progress.table(at: now, coloured: output.messagesAreColoured)
            output.messageText(state.region.redraw(table, width: size.columns, height: size.rows))
        case .lines:
            for line in state.lines.changes(in: state.progress, at: now) {
                state.lastLine = now
                output.message(line)
            }
        case .json, .silent: break
        }
    }

    private func say(_ text: String, _ state: inout State) {
        guard style == .live || style == .lines else { return }
        let text = escapedForTerminal(text)
        guard style == .live, !state.isFinished else { return output.message(text) }
        let size = TerminalSize.current
        output.messageText(state.region.insert(above: text, width: size.columns, height: size.rows))
    }

    /// What is said of an event besides its effect on the table.
    private static func note(of event: RolloutEvent) -> String? {
        switch event {
        case .warning(let component, let object, let message):
            "warning: " + [component, object].compactMap { $0 }.map { "\($0): " }.joined() + message
        case .retry(let object, let cause, let attempt, _) where attempt == 3: "retrying \(object): \(cause)"
        case .lock(.waiting(let holder)): "waiting for the lock: \(holder)"
        case .lock(.acquired(isTakeover: true)): "taking over from a worker that is gone"
        case .lock(.lost(let reason)): "lost the lock: \(reason)"
        default: nil
        }
    }
}
