// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Runs work on a thread with a large stack: templates recurse as deeply as charts ask for.
enum RenderThread {
    private static let stackSize = 128 << 20

    /// How much of the stack templates may use; the rest is for what they call.
    private static let usableSize = stackSize - (16 << 20)

    /// Answers what `body` answers, from its own thread.
    static func run<Result: Sendable>(_ body: @escaping @Sendable (StackLimit) throws -> Result) throws -> Result {
        let job = Job { try body(StackLimit(size: usableSize)) }
        try withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { attributes in
            guard let attributes = attributes.baseAddress, pthread_attr_init(attributes) == 0 else {
                throw RenderError("cannot start a rendering thread")
            }
            defer { pthread_attr_destroy(attributes) }
            guard pthread_attr_setstacksize(attributes, stackSize) == 0 else {
                throw RenderError("cannot reserve the stack of the rendering thread")
            }
            try runAndJoin(job, attributes)
        }
        return try job.value()
    }

    private static func runAndJoin(_ job: AnyJob, _ attributes: UnsafePointer<pthread_attr_t>) throws {
        var thread: pthread_t = 0
        let handle = Unmanaged.passRetained(job)
        let status = pthread_create(&thread, attributes, runJob, handle.toOpaque())
        guard status == 0 else {
            handle.release()
            throw RenderError("cannot start a rendering thread: error \(status)")
        }
        pthread_join(thread, nil)
    }

    private class AnyJob {
        func run() {}
    }

    private final class Job<Value>: AnyJob {
        private let body: () throws -> Value
        private var result: Swift.Result<Value, any Error>?

        init(_ body: @escaping () throws -> Value) {
            self.body = body
        }

        override func run() {
            result = Swift.Result { try body() }
        }

        func value() throws -> Value {
            guard let result else { throw RenderError("the rendering thread gave no answer") }
            return try result.get()
        }
    }

    /// The thread's body: a free function, because nothing here may belong to an actor.
    private static let runJob: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { pointer in
        if let pointer { Unmanaged<AnyJob>.fromOpaque(pointer).takeRetainedValue().run() }
        return nil
    }
}
