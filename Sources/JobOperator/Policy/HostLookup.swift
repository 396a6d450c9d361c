// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Synchronization

/// Resolves names as the machine does.
enum HostLookup {
    /// The first address of a name, of whatever family; an address is its own.
    ///
    /// The resolver cannot be called off: who is cancelled no longer waits for it.
    static func address(of host: String) async throws -> String {
        let answer = Answer()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard answer.wait(continuation) else { return }
                let isStarted = BlockingThread.start {
                    answer.give(Result { () throws(AddressError) in try resolve(host) }.mapError { $0 })
                }
                if !isStarted { answer.give(.failure(AddressError("no thread can be had to resolve '\(host)'"))) }
            }
        } onCancel: {
            answer.give(.failure(CancellationError()))
        }
    }

    /// What several may give, but only once.
    private final class Answer: Sendable {
        private enum State {
            case idle
            case waiting(CheckedContinuation<String, any Error>)
            case given
        }

        private let state = Mutex(State.idle)

        /// Whether an answer is still wanted.
        func wait(_ continuation: CheckedContinuation<String, any Error>) -> Bool {
            let isWanted = state.withLock { state in
                guard case .idle = state else { return false }
                state = .waiting(continuation)
                return true
            }
            if !isWanted { continuation.resume(throwing: CancellationError()) }
            return isWanted
        }

        func give(_ result: Result<String, any Error>) {
            let waiting: CheckedContinuation<String, any Error>? = state.withLock { state in
                defer { state = .given }
                guard case .waiting(let continuation) = state else { return nil }
                return continuation
            }
            waiting?.resume(with: result)
        }
    }

    private static func resolve(_ host: String) throws(AddressError) -> String {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        // A pod without IPv6 is not helped by an address of it.
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0, let first = list?.pointee else {
            throw AddressError("the name '\(host)' has no address: \(String(cString: gai_strerror(code)))")
        }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let named = getnameinfo(
            first.ai_addr, first.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard named == 0 else {
            throw AddressError("the address of '\(host)' cannot be read: \(String(cString: gai_strerror(named)))")
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
