// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import JobOperator
import Processes
import Rollout
import Synchronization
import Terminal
import Values

/// Shows jobs that are watched: a live table on a terminal, a line per change elsewhere, JSON lines with `-o json`.
final class TrainingPrinter: Sendable {
    private enum Style: Sendable {
        case live, lines, json
    }

    private struct State {
        var overviews: [JobOverview] = []
        var region = LiveRegion()
        /// What was last said of a job, by its uid.
        var shown: [String: (text: String, trouble: JobTrouble?)] = [:]
        var trouble: String?
        var lastLine: Timestamp
        var isFinished = false
    }

    private let style: Style
    private let showsNamespaces: Bool
    private let showsParties: Bool
    private let output: Output
    private let time: TimeSource
    private let heartbeat: Duration
    private let state: Mutex<State>

    init(context: AppContext, format: OutputFormat?, showsNamespaces: Bool = false, showsParties: Bool = false) {
        output = context.output
        time = context.time
        heartbeat = context.timing.heartbeat
        self.showsNamespaces = showsNamespaces
        self.showsParties = showsParties
        let isTerminal = context.output.isTerminal && context.output.errorIsTerminal
        style = format == .json ? .json : isTerminal ? .live : .lines
        state = Mutex(State(lastLine: context.time.wall()))
    }

    /// Takes what a watch tells.
    func receive(_ update: TrainingWatch.Update) {
        state.withLock { state in
            guard !state.isFinished else { return }
            switch update {
            case .trouble(let text):
                guard state.trouble != text else { return }
                state.trouble = text
                say("trying again: \(text)", &state)
            case .jobs(let overviews, let gone):
                state.trouble = nil
                state.overviews = overviews
                show(gone: gone, &state)
            }
        }
    }

    /// Keeps ages and heartbeats going until it is cancelled.
    func run() async {
        guard style != .json else { return }
        while !Task.isCancelled {
            do {
                try await time.sleep(style == .live ? .milliseconds(500) : min(heartbeat, .seconds(1)))
            } catch {
                return
            }
            state.withLock { state in
                guard !state.isFinished else { return }
                let now = time.wall()
                if style == .live { return redraw(&state, at: now) }
                guard now - state.lastLine >= heartbeat else { return }
                state.lastLine = now
                let running = state.overviews.count { $0.job.isRunning }
                output.message(
                    state.overviews.count == 1
                        ? "waiting: \(text(of: state.overviews[0]))"
                        : "waiting: \(state.overviews.count) jobs, \(running) running")
            }
        }
    }

    /// Leaves the last state behind.
    func finish() {
        state.withLock { state in
            if style == .live { redraw(&state, at: time.wall()) }
            state.region.finish()
            state.isFinished = true
        }
    }

    private func show(gone: [IflearnerJob], _ state: inout State) {
        let now = time.wall()
        if style == .live { return redraw(&state, at: now) }
        for job in gone {
            state.shown[job.uid] = nil
            tell(JobOverview(job), isGone: true, &state, at: now)
        }
        for overview in state.overviews {
            let text = style == .json ? overview.value.jsonString() : text(of: overview)
            let before = state.shown.updateValue((text, overview.trouble), forKey: overview.job.uid)
            guard before?.text != text else { continue }
            tell(overview, isGone: false, isKnown: before?.trouble == overview.trouble, &state, at: now)
        }
    }

    /// Says how a job is; what is the matter with it just by its word, where that is known from the line before.
    private func tell(
        _ overview: JobOverview, isGone: Bool, isKnown: Bool = false, _ state: inout State, at now: Timestamp
    ) {
        state.lastLine = now
        guard style == .json else {
            let text = isGone ? "\(name(of: overview)): deleted" : text(of: overview, isBrief: isKnown)
            return output.result("\(now.rfc3339) \(text)")
        }
        var line: Mapping = ["type": isGone ? "deleted" : "job", "ts": .string(now.rfc3339)]
        for (key, value) in overview.value.mapping ?? Mapping() { line[key] = value }
        output.result(Value.mapping(line).jsonString())
    }

    private func redraw(_ state: inout State, at now: Timestamp) {
        guard !state.overviews.isEmpty else { return }
        let table = TrainingTable(state.overviews, showsNamespaces: showsNamespaces, showsParties: showsParties)
        let size = TerminalSize.current
        output.messageText(
            state.region.redraw(
                table.lines(at: now, coloured: output.messagesAreColoured), width: size.columns, height: size.rows))
    }

    private func say(_ text: String, _ state: inout State) {
        let text = escapedForTerminal(text)
        guard style == .live else { return output.message(text) }
        let size = TerminalSize.current
        output.messageText(state.region.insert(above: text, width: size.columns, height: size.rows))
    }

    private func name(of overview: JobOverview) -> String {
        showsNamespaces ? overview.job.key.description : overview.job.key.name
    }

    /// A job in one line.
    private func text(of overview: JobOverview, isBrief: Bool = false) -> String {
        var text = "\(name(of: overview)): \(overview.phaseText)"
        if let progress = overview.training?.progress {
            text += ", epoch \(progress.epochText), \(progress.partiesText) parties ready"
        }
        if let trouble = overview.trouble {
            text += " - \(trouble.reason)" + (isBrief || trouble.message.isEmpty ? "" : ": \(trouble.message)")
        } else if let silence = overview.silence {
            text += " - aggregator: \(silence)"
        }
        return escapedForTerminal(text)
    }
}
