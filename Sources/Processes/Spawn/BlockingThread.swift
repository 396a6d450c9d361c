// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Runs what blocks on a thread of its own, so that no thread of the concurrent pool is lost to it.
public enum BlockingThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread; whether one could be had.
    ///
    /// The thread takes no signals: they go to those who wait for them.
    public static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                // OpenSSL writes without MSG_NOSIGNAL: a peer that went away must not end the program.
                var signals = sigset_t()
                sigfillset(&signals)
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        if code == 0 {
            pthread_detach(thread)
        } else {
            Unmanaged<Body>.fromOpaque(context).release()
        }
        return code == 0
    }

    static func run(_ body: @escaping @Sendable () -> Void) {
        // No thread can be had: better to block a thread of the pool than to lose the answer.
        if !start(body) { body() }
    }
}
