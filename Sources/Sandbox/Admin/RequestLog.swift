// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Synchronization
import Values

/// One request that was answered.
public struct LoggedRequest: Sendable, Equatable {
    /// The place in the order of arrival, from 1.
    public let number: Int
    /// The method.
    public let method: String
    /// Path and query, as sent.
    public let target: String
    /// The status of the answer; 0 when the connection was dropped.
    public let status: Int
    /// The `User-Agent` header.
    public let userAgent: String
    /// The `Content-Type` header; empty without one.
    public let contentType: String
    /// The name of the user; empty when nobody was let in.
    public let user: String

    /// The path without the query.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// Whether the request asked for a change, dry runs included.
    public var isWrite: Bool { !["GET", "HEAD"].contains(method) }

    var value: Value {
        [
            "number": .int(Int64(number)), "method": .string(method), "target": .string(target),
            "status": .int(Int64(status)), "userAgent": .string(userAgent), "contentType": .string(contentType),
            "user": .string(user),
        ]
    }
}

/// The last requests, without their bodies and credentials.
final class RequestLog: Sendable {
    private struct State {
        var last = 0
        var requests: [LoggedRequest] = []
    }

    private static let capacity = 20_000
    private let state = Mutex(State())

    func add(_ request: HTTPRequest, status: Int, user: String) {
        state.withLock { state in
            state.last += 1
            state.requests.append(
                LoggedRequest(
                    number: state.last, method: request.method, target: request.target, status: status,
                    userAgent: request.headers["User-Agent"] ?? "", contentType: request.headers["Content-Type"] ?? "",
                    user: user))
            if state.requests.count > 2 * Self.capacity { state.requests.removeFirst(Self.capacity) }
        }
    }

    func all(after number: Int = 0) -> [LoggedRequest] {
        state.withLock { $0.requests.filter { $0.number > number } }
    }

    func clear() { state.withLock { $0.requests = [] } }
}
