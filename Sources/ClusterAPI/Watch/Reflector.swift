// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a reflector tells about a collection; of each object, what its reader keeps.
public enum ReflectorEvent<Element: Sendable>: Sendable {
    /// The whole collection as it is now: whatever is not in it is gone.
    case replaced([Element], resourceVersion: String)
    /// An object is new or has changed.
    case changed(Element)
    /// An object is gone; the value is its last state.
    case deleted(Element)
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
    /// How many objects of a list are asked for at once: they are what is in memory as the server sent it.
    public var pageSize = ListReading.pageSize

    /// Makes the product's policy.
    public init() {}

    /// The wait after so many failures in a row, 1 for the first, without chance.
    public func delay(after failures: Int) -> Duration {
        var delay = firstDelay
        for _ in 1..<max(1, min(failures, 16)) where delay < longestDelay { delay *= 2 }
        return min(delay, longestDelay)
    }

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
public struct Reflector<Kept: Sendable>: AsyncSequence, Sendable {
    // `Element` as the parameter's name would be the sequence's own: events in some builds, and what is kept in others.

    let client: ClusterClient
    let kind: GroupVersionKind
    let namespace: String?
    let selector: Selector
    let policy: ReflectorPolicy
    let transform: @Sendable (KubernetesObject) -> Kept

    /// Reads one event after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private var reflection: Reflection<Kept>

        fileprivate init(_ reflector: Reflector) { reflection = Reflection(reflector) }

        /// The next event; nil never.
        public mutating func next() async throws -> ReflectorEvent<Kept>? { try await reflection.next() }
    }

    /// Starts to follow.
    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// The collection as it is now.
    func list() async throws -> ListReading.Kept<Kept> {
        try await client.withResource(for: kind) { resource in
            let reading = ListReading(
                client: client, resource: resource, namespace: namespace, selector: selector,
                pageSize: policy.pageSize)
            return try await reading.all(keeping: transform)
        }
    }
}

extension ClusterClient {
    /// Follows a collection over everything that can break.
    ///
    /// No namespace means all namespaces, or a cluster-scoped kind.
    public func reflect(
        _ kind: GroupVersionKind, namespace: String? = nil, selector: Selector = .all,
        policy: ReflectorPolicy = ReflectorPolicy()
    ) -> Reflector<KubernetesObject> {
        reflect(kind, namespace: namespace, selector: selector, policy: policy, keeping: \.self)
    }

    /// Follows a collection of which only a part is kept: what the function makes of each object as it arrives.
    ///
    /// A list of thousands of objects is never in memory as a whole.
    public func reflect<Element: Sendable>(
        _ kind: GroupVersionKind, namespace: String? = nil, selector: Selector = .all,
        policy: ReflectorPolicy = ReflectorPolicy(),
        keeping transform: @escaping @Sendable (KubernetesObject) -> Element
    ) -> Reflector<Element> {
        Reflector(
            client: self, kind: kind, namespace: namespace, selector: selector, policy: policy, transform: transform)
    }
}
