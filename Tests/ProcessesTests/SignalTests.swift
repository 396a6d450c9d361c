// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

@Suite struct Signals {
    @Test func `a signal is told instead of ending the process`() async {
        // Of the signals only this one is harmless to the other tests.
        let signals = SignalStream.signals([.windowChange])
        // The system starts to listen a moment later, and this signal is nothing to a process that does not.
        let sender = Task {
            while !Task.isCancelled {
                kill(getpid(), SIGWINCH)
                try? await Task.sleep(for: .milliseconds(10))
            }
        }
        for await signal in signals {
            #expect(signal == .windowChange)
            break
        }
        sender.cancel()
    }

    @Test func `a descriptor without a terminal has no size`() {
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        #expect(!TerminalDevice(descriptor: descriptor).isTerminal)
        #expect(TerminalDevice(descriptor: descriptor).size == nil)
    }
}
