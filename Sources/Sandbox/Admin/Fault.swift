// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// Something that goes wrong on purpose, for tests.
public struct Fault: Sendable {
    /// What goes wrong.
    public enum Effect: Sendable, Equatable {
        /// An error of the API; 429 and 503 tell when to come again if `retryAfter` (seconds) is set.
        case status(Int, retryAfter: Int? = nil)
        /// The answer comes late, but is right.
        case delay(Duration)
        /// The connection breaks before anything is done.
        case dropBefore
        /// The request is carried out, and the connection breaks instead of the answer.
        case dropAfter
        /// Nothing is done and no answer comes, until the faults are cleared.
        case hangBefore
        /// The request is carried out and no answer comes, until the faults are cleared.
        case hangAfter
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

    /// Reads `{method, path, count, status, retryAfter, delay, drop, hang}`; delay is in milliseconds, drop and hang
    /// are `before` or `after`; a count of 0 means all requests, none means one.
    public init(_ value: Value) throws {
        let effect: Effect? =
            switch (value["status"]?.int, value["delay"]?.int, value["drop"]?.string, value["hang"]?.string) {
            case (let status?, nil, nil, nil):
                .status(Int(clamping: status), retryAfter: value["retryAfter"]?.int.map { Int(clamping: $0) })
            case (nil, let delay?, nil, nil): .delay(.milliseconds(delay))
            case (nil, nil, "before", nil): .dropBefore
            case (nil, nil, "after", nil): .dropAfter
            case (nil, nil, nil, "before"): .hangBefore
            case (nil, nil, nil, "after"): .hangAfter
            default: nil
            }
        guard let effect else {
            throw StatusError.badRequest(
                "a fault has one of status, delay (milliseconds), drop and hang (before, after)")
        }
        let asked = value["count"]?.int.map { Int(clamping: $0) } ?? 1
        let count = asked == 0 ? nil : asked
        self.init(effect, method: value["method"]?.string, path: value["path"]?.string ?? "", count: count)
        do { _ = try Regex(path) } catch {
            throw StatusError.badRequest("the path of a fault is no regular expression: \(path)")
        }
    }
}
