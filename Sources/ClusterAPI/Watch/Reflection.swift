// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// One run of a reflector: where it is and what it does next.
struct Reflection<Element: Sendable> {
    private enum Phase {
        /// Nothing is known, or what was known is out of date.
        case listing
        /// The collection is known up to a version.
        case opening(resourceVersion: String)
        /// A watch is open.
        case watching(WatchStream.Iterator, resourceVersion: String, since: Duration, hasMoved: Bool)
    }

    private let reflector: Reflector<Element>
    private var phase = Phase.listing
    private var failures = 0
    private var watchFailures = 0
    /// A wait that the reader was told of and that comes before the next step.
    private var pause: Duration?

    init(_ reflector: Reflector<Element>) {
        self.reflector = reflector
    }

    private var time: TimeSource { reflector.client.pipeline.time }
    private var policy: ReflectorPolicy { reflector.policy }

    mutating func next() async throws -> ReflectorEvent<Element> {
        while true {
            try Task.checkCancellation()
            if let pause {
                try await time.sleep(pause)
                self.pause = nil
            }
            if let event = try await step() { return event }
        }
    }

    private mutating func step() async throws -> ReflectorEvent<Element>? {
        switch phase {
        case .listing: return try await list()
        case .opening(let version):
            let seconds = policy.watchTime * (1 + reflector.client.pipeline.chance())
            let stream = reflector.client.watch(
                reflector.kind, namespace: reflector.namespace, selector: reflector.selector, from: version,
                timeout: seconds)
            phase = .watching(
                stream.makeAsyncIterator(), resourceVersion: version, since: time.monotonic(), hasMoved: false)
            return nil
        case .watching(let iterator, let version, let since, let hasMoved):
            return try await watch(iterator, version, since, hasMoved)
        }
    }

    private mutating func list() async throws -> ReflectorEvent<Element>? {
        do {
            let list = try await reflector.list()
            phase = .opening(resourceVersion: list.resourceVersion)
            if watchFailures < policy.watchFailuresBeforePolling { failures = 0 }
            return .replaced(list.items, resourceVersion: list.resourceVersion)
        } catch let error as any ClusterFailure {
            return trouble(error)
        }
    }

    private mutating func watch(
        _ iterator: WatchStream.Iterator, _ version: String, _ since: Duration, _ hasMoved: Bool
    ) async throws -> ReflectorEvent<Element>? {
        var iterator = iterator
        do {
            guard let event = try await iterator.next() else {
                phase = .opening(resourceVersion: version)
                if hasMoved || time.monotonic() - since >= policy.shortWatch {
                    watchFailures = 0
                    return nil
                }
                return watchTrouble(
                    TransportError(
                        .reset, "the server ended the watch at once without an event",
                        request: RequestDescription(.watch, reflector.kind.kind, namespace: reflector.namespace)))
            }
            failures = 0
            watchFailures = 0
            // Objects of a watch carry the version to go on from, as bookmarks do.
            let seen =
                if case .bookmark(let marked) = event { marked } else { event.object?.resourceVersion ?? "" }
            phase = .watching(
                iterator, resourceVersion: seen.isEmpty ? version : seen, since: since, hasMoved: true)
            switch event {
            case .added(let object), .modified(let object): return .changed(reflector.transform(object))
            case .deleted(let object): return .deleted(reflector.transform(object))
            case .bookmark: return nil
            }
        } catch let error as APIError where error.isExpired {
            // The first time is the ordinary course of things; a storm of them must not become a storm of lists.
            phase = .listing
            return hasMoved ? nil : watchTrouble(error)
        } catch let error as APIError where error.code == 429 {
            phase = .opening(resourceVersion: version)
            return watchTrouble(error)
        } catch let error as any ClusterFailure where error is APIError || error is DiscoveryError {
            phase = .listing
            return watchTrouble(error)
        } catch let error as any ClusterFailure {
            phase = .opening(resourceVersion: version)
            return watchTrouble(error)
        }
    }

    private mutating func watchTrouble(_ error: any ClusterFailure) -> ReflectorEvent<Element> {
        watchFailures += 1
        guard watchFailures >= policy.watchFailuresBeforePolling else { return trouble(error) }
        // What cannot be watched is polled: the next list comes after the interval, and one more try of a watch.
        phase = .listing
        failures += 1
        pause = policy.pollInterval
        return .trouble(error, attempt: failures, delay: policy.pollInterval)
    }

    private mutating func trouble(_ error: any ClusterFailure) -> ReflectorEvent<Element> {
        failures += 1
        let delay = policy.delay(after: failures) * (0.5 + reflector.client.pipeline.chance() / 2)
        pause = delay
        return .trouble(error, attempt: failures, delay: delay)
    }
}
