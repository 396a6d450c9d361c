// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Synchronization

/// A transport in memory: answers with a function and remembers what it was asked.
final class ScriptedTransport: HTTPTransport {
    typealias Script = @Sendable (_ request: HTTPRequest, _ number: Int) async throws -> HTTPResponse

    private let script: Script
    private let log = Mutex<[HTTPRequest]>([])

    /// The number counts from 1.
    init(_ script: @escaping Script) { self.script = script }

    /// Gives the answers one after the other, the last one again and again.
    convenience init(_ answers: [Result<HTTPResponse, TransportError>]) {
        self.init { _, number in try answers[min(number, answers.count) - 1].get() }
    }

    var requests: [HTTPRequest] { log.withLock { $0 } }
    /// As in `GET /api/v1/pods`.
    var lines: [String] { requests.map { "\($0.method.rawValue) \($0.target)" } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = log.withLock { log in
            log.append(request)
            return log.count
        }
        return try await script(request, number)
    }

    /// The body of the scripted answer comes in chunks of seven bytes, a large one in larger chunks.
    func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        let response = try await send(request)
        let chunks = Mutex(response.body.chunks(of: response.body.count > 1 << 20 ? 1 << 16 : 7)[...])
        let ending = response.headers["X-Test-Ending"]
        return HTTPStream(
            status: response.status, headers: response.headers,
            body: HTTPBody {
                if let chunk = chunks.withLock({ $0.popFirst() }) { return chunk }
                if ending == "reset" {
                    throw TransportError(.reset, "the connection broke", mayHaveBeenProcessed: true)
                }
                if ending == "never" { try await Task.sleep(for: .seconds(3600)) }
                return nil
            })
    }
}

extension Array {
    func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

extension HTTPResponse {
    static func json(_ text: String, status: Int = 200, headers: HTTPFields = HTTPFields()) -> HTTPResponse {
        var headers = headers
        headers["Content-Type"] = headers["Content-Type"] ?? "application/json"
        return HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
    }

    /// A `Status` of failure.
    static func failure(
        _ code: Int, _ reason: String, _ message: String, details: String = "{}", headers: HTTPFields = HTTPFields()
    ) -> HTTPResponse {
        .json(
            """
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\(message)",
             "reason":"\(reason)","details":\(details),"code":\(code)}
            """, status: code, headers: headers)
    }
}
