// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Runs what blocks on a thread of its own, so that no thread of the concurrent pool is lost to it.
enum BlockingThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func run(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        if code == 0 {
            pthread_detach(thread)
        } else {
            // No thread can be had: better to block a thread of the pool than to lose the answer.
            Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        }
    }
}
