// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Processes
internal import Telemetry
internal import Values

extension Relay {
    /// How a relay ended.
    public enum Ending<Request: Sendable & Hashable>: Sendable, Hashable {
        /// Every connection had ended.
        case drained
        /// This many connections were cut, by a second request or, without one, because the time was up.
        case cut(Int, by: Request?)
    }

    private enum Event<Request: Sendable>: Sendable {
        case idle
        case late
        case request(Request)
        case none
    }

    /// Serves until somebody asks for the end, and lets the open connections go on for a while then.
    ///
    /// - Parameters:
    ///   - requests: The first one stops the accepting; the second one cuts what is still open.
    ///   - gracePeriod: After this time from the first request, open connections are cut.
    /// - Returns: Whether connections had to be cut, and by whom.
    public func run<Request: Sendable & Hashable>(
        endingOn requests: AsyncStream<Request>, gracePeriod: Duration
    ) async -> Ending<Request> {
        for await _ in requests { break }
        stopAccepting()
        context.log.info(
            "draining",
            [
                "connections": .int(Int64(connections)),
                "gracePeriodSeconds": .int(gracePeriod.components.seconds),
            ])
        let event = await withTaskGroup(of: Event<Request>.self) { group in
            group.addTask {
                await self.idle()
                return .idle
            }
            group.addTask { [time = context.time] in
                // It throws when the task is cancelled: then nobody asks for the result.
                do { try await time.sleep(gracePeriod) } catch { return .none }
                return .late
            }
            group.addTask {
                for await request in requests { return .request(request) }
                return .none
            }
            defer { group.cancelAll() }
            for await event in group {
                if case .none = event { continue }
                return event
            }
            return .late
        }
        let count = connections
        await stop()
        guard count > 0 else {
            context.log.info("ended")
            return .drained
        }
        context.log.warn("ended", ["connectionsCut": .int(Int64(count))])
        if case .request(let request) = event { return .cut(count, by: request) }
        return .cut(count, by: nil)
    }
}
