// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records
import Synchronization

/// Numbers the events of one process, planning and work alike, in the order in which they are told.
final class EventNumbers: Sendable {
    private let last = Mutex(0)

    /// Hands the next number on, and holds the others back meanwhile.
    func next(_ body: (Int) -> Void) {
        last.withLock { last in
            last += 1
            body(last)
        }
    }
}

/// Gives the events of one run their numbers, takes secrets out of them and hands them on.
final class EventLog: Sendable {
    private struct State {
        var job = ""
        var redactor = Redactor()
    }

    private let state = Mutex(State())
    private let target: String
    private let numbers: EventNumbers
    private let time: TimeSource
    private let sink: @Sendable (EventLine) -> Void

    init(
        target: String, numbers: EventNumbers, time: TimeSource, sink: @escaping @Sendable (EventLine) -> Void
    ) {
        self.target = target
        self.numbers = numbers
        self.time = time
        self.sink = sink
    }

    /// From now on events belong to a job, and these values never appear in them.
    func begin(job: String, redactor: Redactor) {
        state.withLock {
            $0.job = job
            $0.redactor = redactor
        }
    }

    /// The secrets that must not appear.
    var redactor: Redactor {
        get { state.withLock(\.redactor) }
        set { state.withLock { $0.redactor = newValue } }
    }

    /// Tells of an event; under the lock, so that numbers and order agree.
    func emit(_ event: RolloutEvent) {
        state.withLock { state in
            numbers.next { number in
                sink(
                    EventLine(
                        time: time.wall(), sequence: number, job: state.job, target: target,
                        event: event.redacted(by: state.redactor)))
            }
        }
    }

    /// Tells of a server's warnings about an object.
    func warn(_ warnings: [String], component: String?, object: String) {
        for warning in warnings { emit(.warning(component: component, object: object, message: warning)) }
    }
}

extension RolloutEvent {
    /// The event without secret values in any of its texts.
    func redacted(by redactor: Redactor) -> RolloutEvent {
        switch self {
        case .plan, .lock: self
        case .action(let component, let object, let action, let failure):
            .action(component: component, object: object, action: action, failure: failure.map(redactor.redact))
        case .component(let name, let status, let done, let total, let reasons):
            .component(
                name: name, status: status, done: done, total: total, reasons: reasons.map(redactor.redact))
        case .readiness(let component, let object, let verdict, let reason, let message):
            .readiness(
                component: component, object: object, verdict: verdict, reason: reason,
                message: redactor.redact(message))
        case .gate(let component, let stage, let isOpen, let message):
            .gate(component: component, stage: stage, isOpen: isOpen, message: redactor.redact(message))
        case .retry(let object, let cause, let attempt, let delay):
            .retry(object: object, cause: redactor.redact(cause), attempt: attempt, delay: delay)
        case .warning(let component, let object, let message):
            .warning(component: component, object: object, message: redactor.redact(message))
        case .state(let text): .state(redactor.redact(text))
        case .result(let result): .result(result.redacted(by: redactor))
        }
    }
}

extension JobResult {
    func redacted(by redactor: Redactor) -> JobResult {
        JobResult(
            status: status, code: code, message: redactor.redact(message),
            causes: causes.map { cause in
                var cause = cause
                cause.message = redactor.redact(cause.message)
                cause.hint = cause.hint.map(redactor.redact)
                return cause
            }, retained: retained)
    }
}
