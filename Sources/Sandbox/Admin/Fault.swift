// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Something that goes wrong on purpose, for tests.
public struct Fault: Sendable {
    /// What goes wrong.
    public enum Effect: Sendable, Equatable {
        /// An error of the API; 429 and 503 tell when to come again if `retryAfter` (seconds) is set.
        case status(Int, retryAfter: Int? = nil)
        /// A write is refused by an admission webhook, with a message and a status; reads pass.
        case denied(String, code: Int = 403)
        /// The answer comes late, but is right.
        case delay(Duration)
        /// The answer comes late by a time of the simulated cluster: it is divided by the time scale.
        case slow(Duration)
        /// The connection breaks before anything is done.
        case dropBefore
        /// The request is carried out, and the connection breaks instead of the answer.
        case dropAfter
        /// Nothing is done and no answer comes, until the faults are cleared.
        case hangBefore
        /// The request is carried out and no answer comes, until the faults are cleared.
        case hangAfter
        /// A watch goes wrong after it has told a number of events: one that runs already, or one that begins.
        case watch(WatchFault, after: Int = 0)
    }

    /// The method it happens to; nil for all.
    public var method: String?
    /// A regular expression that is found in the target (path and query) of the requests it happens to.
    public var path: String
    /// How many requests it happens to; nil for all.
    public var count: Int?
    /// What goes wrong.
    public var effect: Effect

    /// Makes a fault.
    public init(_ effect: Effect, method: String? = nil, path: String, count: Int? = 1) {
        self.effect = effect
        self.method = method
        self.path = path
        self.count = count
    }
}

/// What goes wrong with a watch.
public enum WatchFault: Sendable, Equatable {
    /// The watch ends properly, as when its time is over.
    case end
    /// The connection breaks.
    case breakOff
    /// Nothing comes any more, but the connection stays open, even beyond the watch's time, until the faults are cleared.
    case silence
    /// An `ERROR` event with the status of a code comes, such as 410 for a resource version that is too old, and the watch ends.
    case error(Int)
    /// Half of the next line comes; then the connection breaks, or ends as if all were well.
    case cut(isClean: Bool = false)
    /// A line that the server would never write comes between the events.
    case line(String)
    /// Every line is filled up with blanks to a number of bytes.
    case pad(Int)
    /// Every event is told twice.
    case duplicate
    /// A watch that begins with what exists tells it in reverse order; one that has begun is left alone.
    case reverse
}
