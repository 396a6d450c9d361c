// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a reflector tells about a collection.
public enum ReflectorEvent: Sendable {
    /// The whole collection as it is now: whatever is not in it is gone.
    case replaced([KubernetesObject], resourceVersion: String)
    /// An object is new or has changed.
    case changed(KubernetesObject)
    /// An object is gone; the value is its last state.
    case deleted(KubernetesObject)
    /// Something is wrong; it is tried again after the delay.
    case trouble(any ClusterFailure, attempt: Int, delay: Duration)
}

/// How a reflector starts over: the durations of client-go.
public struct ReflectorPolicy: Sendable, Hashable {
    /// The wait after the first failure; it doubles from failure to failure.
    public var firstDelay = Duration.milliseconds(800)
    /// The longest wait between failures.
    public var longestDelay = Duration.seconds(30)
    /// How long a watch has to last, or to bring something, to count as a success.
    public var shortWatch = Duration.seconds(1)
    /// How many watches may fail in a row before the collection is polled besides.
    public var watchFailuresBeforePolling = 3
    /// How often a collection is polled that cannot be watched.
    public var pollInterval = Duration.seconds(5)
    /// The time after which a watch is ended and begun anew, between once and twice this long.
    public var watchTime = Duration.seconds(300)

    /// Makes the product's policy.
    public init() {}

    /// The policy with every duration divided, for tests with the built binary.
    public func scaled(by divisor: Int) -> ReflectorPolicy {
        guard divisor > 1 else { return self }
        var scaled = self
        scaled.firstDelay /= divisor
        scaled.longestDelay /= divisor
        scaled.shortWatch /= divisor
        scaled.pollInterval /= divisor
        return scaled
    }
}

/// Follows a collection for as long as its reader likes: list, watch, and start over whenever something breaks.
///
/// It never ends and throws only `CancellationError`: what goes wrong is an event, and the reader decides what it means.
/// Nothing is lost over broken watches, expired versions, restarted or restored servers: a new list says what is there.
public struct Reflector: AsyncSequence, Sendable {
    let client: ClusterClient
    let kind: GroupVersionKind
    let namespace: String?
    let selector: Selector
    let policy: ReflectorPolicy

    /// Reads one event after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private var reflection: Reflection

        fileprivate init(_ reflector: Reflector) { reflection = Reflection(reflector) }

        /// The next event; nil never.
        public mutating func next() async throws -> ReflectorEvent? { try await reflection.next() }
    }

    /// Starts to follow.
    public func makeAsyncIterator() -> Iterator { Iterator(self) }
}

extension ClusterClient {
    /// Follows a collection over everything that can break.
    ///
    /// No namespace means all namespaces, or a cluster-scoped kind.
    public func reflect(
        _ kind: GroupVersionKind, namespace: String? = nil, selector: Selector = .all,
        policy: ReflectorPolicy = ReflectorPolicy()
    ) -> Reflector {
        Reflector(client: self, kind: kind, namespace: namespace, selector: selector, policy: policy)
    }
}
