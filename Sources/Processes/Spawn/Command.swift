// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A program to run, with everything that it gets from us.
public struct Command: Sendable {
    /// The program: a path, or a name to look for in `PATH`.
    public var executable: String
    /// Its arguments, without its own name.
    public var arguments: [String]
    /// Its environment.
    public var environment: [String: String]
    /// Its working folder; nil for ours.
    public var directory: String?
    /// Where its standard input comes from.
    public var input = Stream.null
    /// Where its standard output goes.
    public var output = Stream.inherit
    /// Where its standard error goes.
    public var errors = Stream.inherit
    /// Descriptors of ours that it gets as 3, 4 ...; every other one is closed in it.
    public var passedDescriptors: [Int32] = []
    /// Whether it gets a session of its own, so that it outlives the terminal.
    public var ownSession = false

    /// What is behind a standard stream.
    public enum Stream: Sendable, Hashable {
        /// Nothing.
        case null
        /// Ours.
        case inherit
        /// An open descriptor of ours.
        case descriptor(Int32)
    }

    /// Names a program; without an environment it gets ours.
    public init(_ executable: String, _ arguments: [String] = [], environment: [String: String]? = nil) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment ?? Environment.current
    }
}

/// How a program ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    /// By itself, with a code.
    case code(Int32)
    /// By a signal.
    case signal(Int32)

    /// Whether it ended by itself with the code 0.
    public var isSuccess: Bool { self == .code(0) }

    /// As in `exit code 3`, `signal 9`.
    public var description: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let signal): "signal \(signal)"
        }
    }
}

/// A program could not be started or did not end well.
public enum SpawnError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such program.
    case notFound(String)
    /// The system refuses to start it.
    case refused(String, reason: String)
    /// It did not end in time and was killed.
    case timedOut(String, Duration)
    /// It printed more than it may, and was killed.
    case tooMuchOutput(String, limit: Int)

    /// What happened to which program.
    public var description: String {
        switch self {
        case .notFound(let name): "the program \(name) was not found"
        case .refused(let name, let reason): "\(name) cannot be started: \(reason)"
        case .timedOut(let name, let time): "\(name) did not end within \(time.components.seconds) seconds"
        case .tooMuchOutput(let name, let limit): "\(name) printed more than \(limit) bytes"
        }
    }
}
