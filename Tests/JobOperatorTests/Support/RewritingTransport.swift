// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI

/// Changes what is written to some objects on its way, as a mutating webhook does.
struct RewritingTransport: HTTPTransport {
    let base: any HTTPTransport
    let path: String
    let text: String
    let replacement: String

    init(_ base: any HTTPTransport, _ path: String, _ text: String, _ replacement: String) {
        self.base = base
        self.path = path
        self.text = text
        self.replacement = replacement
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var request = request
        if request.method == .patch, request.target.contains(path), let body = request.body {
            request.body = Array(String(decoding: body, as: UTF8.self).replacing(text, with: replacement).utf8)
        }
        return try await base.send(request)
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream { try await base.stream(request) }
}
