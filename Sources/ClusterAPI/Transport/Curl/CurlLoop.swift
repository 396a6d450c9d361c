// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CCurl
import Curl
import Glibc
import Synchronization

/// Drives transfers on one thread of its own, which alone touches libcurl's handles.
///
/// Callers put commands into an inbox and wake the thread. It ends when it is stopped; until then it holds the loop.
final class CurlLoop: Sendable {
    private enum Command: Sendable {
        case start(UInt64, HTTPRequest, ServerEndpoint, TransferSink, CurlTransfer.Purpose)
        case cancel(UInt64)
        case resume(UInt64)
    }

    private struct Inbox {
        var commands: [Command] = []
        var nextID: UInt64 = 0
        var isStopped = false
        /// Nil once the thread has freed it.
        var multi: UnsafeMutableRawPointer?
        var isRunning = false
    }

    private let inbox = Mutex(Inbox())

    /// Starts a transfer that fills the sink; the result is its number.
    func start(
        _ request: HTTPRequest, to endpoint: ServerEndpoint, into sink: TransferSink,
        for purpose: CurlTransfer.Purpose = .exchange
    ) -> UInt64 {
        let (id, isStopped) = inbox.withLock { inbox -> (UInt64, Bool) in
            inbox.nextID += 1
            guard !inbox.isStopped else { return (inbox.nextID, true) }
            if !inbox.isRunning { inbox.isRunning = spawnThread(&inbox) }
            guard inbox.isRunning else { return (inbox.nextID, true) }
            inbox.commands.append(.start(inbox.nextID, request, endpoint, sink, purpose))
            wake(inbox)
            return (inbox.nextID, false)
        }
        if isStopped { sink.finish(TransportError(.other, "the connection to the cluster was closed")) }
        return id
    }

    /// Ends a transfer; one that has ended already is no error.
    func cancel(_ id: UInt64) { post(.cancel(id)) }

    /// Lets a transfer go on that waited for its reader.
    func resume(_ id: UInt64) { post(.resume(id)) }

    /// Ends the thread, and every transfer with it.
    func stop() {
        inbox.withLock { inbox in
            inbox.isStopped = true
            wake(inbox)
        }
    }

    private func post(_ command: Command) {
        inbox.withLock { inbox in
            inbox.commands.append(command)
            wake(inbox)
        }
    }

    /// Wakes the thread; under the lock, because the handle must not be freed meanwhile.
    private func wake(_ inbox: borrowing Inbox) {
        if let multi = inbox.multi { curl_multi_wakeup(multi) }
    }

    private func spawnThread(_ inbox: inout Inbox) -> Bool {
        guard CurlLibrary.isReady, let multi = curl_multi_init() else { return false }
        _ = ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 32)
        inbox.multi = multi
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        guard pthread_create(&thread, nil, runLoop, context) == 0 else {
            Unmanaged<CurlLoop>.fromOpaque(context).release()
            curl_multi_cleanup(multi)
            inbox.multi = nil
            return false
        }
        pthread_detach(thread)
        return true
    }

    // MARK: The thread

    /// Runs until stopped.
    fileprivate func run() {
        guard let multi = inbox.withLock({ $0.multi }) else { return }
        var active: [UInt64: CurlTransfer] = [:]
        while true {
            let (commands, isStopped) = inbox.withLock { inbox -> ([Command], Bool) in
                defer { inbox.commands = [] }
                return (inbox.commands, inbox.isStopped)
            }
            for command in commands { obey(command, multi, &active) }
            if isStopped { break }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            collectFinished(multi, &active)
            // A wake-up ends the wait at once; the bound only limits the harm of a lost one.
            curl_multi_poll(multi, nil, 0, 10_000, nil)
        }
        for (_, transfer) in active {
            curl_multi_remove_handle(multi, transfer.pointer)
            transfer.sink.finish(TransportError(.other, "the connection to the cluster was closed"))
        }
        active = [:]
        inbox.withLock { $0.multi = nil }
        curl_multi_cleanup(multi)
    }

    private func obey(_ command: Command, _ multi: UnsafeMutableRawPointer, _ active: inout [UInt64: CurlTransfer]) {
        switch command {
        case .start(let id, let request, let endpoint, let sink, let purpose):
            guard let transfer = CurlTransfer(request, endpoint: endpoint, sink: sink, purpose: purpose),
                curl_multi_add_handle(multi, transfer.pointer) == CURLM_OK
            else {
                sink.finish(TransportError(.other, "libcurl cannot start a transfer: out of memory"))
                return
            }
            active[id] = transfer
        case .cancel(let id):
            guard let transfer = active.removeValue(forKey: id) else { return }
            curl_multi_remove_handle(multi, transfer.pointer)
            transfer.sink.finish(CancellationError())
        case .resume(let id): active[id]?.resume()
        }
    }

    private func collectFinished(_ multi: UnsafeMutableRawPointer, _ active: inout [UInt64: CurlTransfer]) {
        var pointer: UnsafeMutableRawPointer?
        var result = CURLE_OK
        while ccurl_next_finished(multi, &pointer, &result) != 0 {
            guard let found = active.first(where: { $0.value.pointer == pointer }) else { continue }
            active.removeValue(forKey: found.key)
            curl_multi_remove_handle(multi, found.value.pointer)
            found.value.finish(result)
        }
    }
}

/// The thread's body.
private func runLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    // A server that closes a TLS connection must not end the program: OpenSSL writes without MSG_NOSIGNAL.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
