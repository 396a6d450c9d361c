// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Synchronization
import Values

/// What a server serves, asked once and remembered.
public final class Discovery: Sendable {
    private struct State {
        var catalog: APICatalog? { didSet { if catalog != nil { answers += 1 } } }
        /// How often there was something new to know.
        var answers = 0
        /// Kinds whose definitions were written, with the moment of it.
        var written: [GroupKind: Duration] = [:]
    }

    private let pipeline: RequestPipeline
    private let cache: DiscoveryCache?
    private let state = Mutex(State())
    /// Lets one ask at a time: an old server takes more than forty requests, and all wait for the same.
    private let turn: RequestLimiter

    init(pipeline: RequestPipeline, cache: DiscoveryCache?) {
        self.pipeline = pipeline
        self.cache = cache
        turn = RequestLimiter(maximum: 1, now: pipeline.time.monotonic)
    }

    /// The whole catalog, from memory or the server.
    public func catalog() async throws -> APICatalog {
        if let known = state.withLock({ $0.catalog }) { return known }
        return try await turn.withSlot {
            if let known = state.withLock({ $0.catalog }) { return known }
            if let kept = cache?.read(now: pipeline.time.wall()) {
                state.withLock { state in
                    state.catalog = kept
                }
                return kept
            }
            return try await refreshed()
        }
    }

    /// A catalog that is newer than what was known after a number of answers.
    private func catalog(after answers: Int) async throws -> APICatalog {
        try await turn.withSlot {
            let newer = state.withLock { $0.answers > answers ? $0.catalog : nil }
            if let newer { return newer }
            return try await refreshed()
        }
    }

    /// The whole catalog, asked of the server again.
    @discardableResult
    public func refreshed() async throws -> APICatalog {
        let catalog = try await DiscoveryRequests(pipeline: pipeline).catalog()
        state.withLock { state in
            state.catalog = catalog
        }
        cache?.write(catalog, now: pipeline.time.wall())
        return catalog
    }

    /// Forgets what is known, after a definition was written.
    public func invalidate() {
        cache?.drop()
        state.withLock { $0.catalog = nil }
    }

    /// How to address a kind; well-known kinds are answered without asking.
    ///
    /// - Throws: `DiscoveryError` when the server does not serve it, also after asking again.
    public func resource(for kind: GroupVersionKind) async throws -> APIResource {
        if let known = state.withLock({ $0.catalog?.resource(for: kind) }) { return known }
        if let known = WellKnownResources.resource(for: kind) { return known }
        return try await served(kind)
    }

    /// How to address a kind, from the server alone.
    func served(_ kind: GroupVersionKind) async throws -> APIResource {
        let (wasKnown, answers) = state.withLock { ($0.catalog != nil, $0.answers) }
        if let found = try await catalog().resource(for: kind) { return found }
        let catalog = wasKnown ? try await catalog(after: answers) : try await catalog()
        if let found = catalog.resource(for: kind) { return found }
        throw DiscoveryError(
            kind: kind, servedVersions: catalog.versions(of: kind.groupKind),
            brokenReason: catalog.broken[kind.groupVersion])
    }

    /// Remembers that a kind's definition was written, so that "not found" is "not yet" for a while.
    func noteWritten(_ kind: GroupKind) {
        let now = pipeline.time.monotonic()
        state.withLock { state in
            state.written[kind] = now
            state.catalog = nil
        }
        cache?.drop()
    }

    /// Whether a kind's definition was written so recently that the server may not serve it yet.
    func wasJustWritten(_ kind: GroupKind) -> Bool {
        let now = pipeline.time.monotonic()
        return state.withLock { state in
            guard let moment = state.written[kind] else { return false }
            return now - moment <= pipeline.policy.missingAPIBudget
        }
    }
}
