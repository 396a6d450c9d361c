// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Synchronization

/// Where results and messages go: the only place of the program that writes to the terminal.
///
/// Results go to standard output; progress, diagnostics and logs to standard error. A reader that went away is not an
/// error: what is left is dropped.
final class Output: Sendable {
    /// Whether standard output is a terminal.
    let isTerminal: Bool
    /// Whether standard error is a terminal.
    let errorIsTerminal: Bool
    private let colour: Mutex<Bool>

    init(environment: [String: String]) {
        isTerminal = TerminalDevice.output.isTerminal
        errorIsTerminal = TerminalDevice.errors.isTerminal
        let isOff = environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb"
        colour = Mutex(!isOff)
    }

    /// Turns colours off, as `--no-color` asks.
    func disableColour() { colour.withLock { $0 = false } }

    /// Whether results may be coloured.
    var resultsAreColoured: Bool { isTerminal && colour.withLock { $0 } }
    /// Whether messages may be coloured.
    var messagesAreColoured: Bool { errorIsTerminal && colour.withLock { $0 } }

    /// Prints a line of the result.
    func result(_ line: String) { Self.write(line + "\n", to: 1) }
    /// Prints text of the result as it is.
    func resultText(_ text: String) { Self.write(text, to: 1) }
    /// Prints bytes of the result as they are.
    func resultBytes(_ bytes: [UInt8]) { Self.write(bytes, to: 1) }
    /// Prints a line for people.
    func message(_ line: String) { Self.write(line + "\n", to: 2) }
    /// Prints text for people as it is.
    func messageText(_ text: String) { Self.write(text, to: 2) }

    private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written < 0, errno == EINTR || errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, 1000)
            } else {
                return
            }
        }
    }
}
