// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

@preconcurrency internal import Dispatch
internal import Glibc

/// A signal that a program may want to hear of instead of ending by it.
public enum ProcessSignal: Sendable, Hashable, CaseIterable {
    /// Ctrl-C.
    case interrupt
    /// A polite request to end.
    case terminate
    /// The terminal was closed.
    case hangup
    /// The window changed its size.
    case windowChange

    /// The system's number.
    public var number: Int32 {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .hangup: SIGHUP
        case .windowChange: SIGWINCH
        }
    }
}

/// The signals as they come.
public enum SignalStream {
    /// Listens to signals: from now on they are told here and no longer end the process.
    ///
    /// When the stream ends, because its reader stops or its task is cancelled, their default action is restored.
    public static func signals(_ signals: Set<ProcessSignal>) -> AsyncStream<ProcessSignal> {
        AsyncStream { continuation in
            let sources = signals.map { signal in
                // The source only hears of signals that the default action does not take.
                ignore(signal.number)
                let source = DispatchSource.makeSignalSource(signal: signal.number, queue: .global())
                source.setEventHandler { continuation.yield(signal) }
                source.resume()
                return source
            }
            continuation.onTermination = { _ in
                for source in sources { source.cancel() }
                for signal in signals { restoreDefault(signal.number) }
            }
        }
    }

    /// Restores the default action of a signal: the next one ends the process at once.
    public static func restoreDefault(_ signal: ProcessSignal) { restoreDefault(signal.number) }

    private static func ignore(_ number: Int32) { _ = Glibc.signal(number, SIG_IGN) }
    private static func restoreDefault(_ number: Int32) { _ = Glibc.signal(number, SIG_DFL) }
}
