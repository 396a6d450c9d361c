// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// One exchange with the server, for the log of `-v`: holds no header and no body.
public struct RequestRecord: Sendable, Hashable {
    /// The method.
    public var method: HTTPRequest.Method
    /// The path and query.
    public var target: String
    /// The status of the answer; nil when there was none.
    public var status: Int?
    /// How long it took.
    public var duration: Duration
    /// Why there was no answer.
    public var failure: String?
}

extension RequestRecord: CustomStringConvertible {
    /// As in `GET /api/v1/namespaces/fl/secrets 200 in 12 ms`.
    public var description: String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        let outcome = status.map(String.init) ?? failure ?? "no answer"
        return "\(method.rawValue) \(target) \(outcome) in \(milliseconds) ms"
    }
}
