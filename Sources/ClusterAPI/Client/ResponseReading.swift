// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Processes
import Values

/// Reads the answers of the server.
enum ResponseReading {
    /// How much of a failure's body is read.
    static let failureBodyLimit = 1 << 20
    /// How much of a failure's body that is not a `Status` is shown.
    static let shownBodyLimit = 2 << 10

    /// How the server's documents are read.
    ///
    /// An object may be nested 10,000 levels deep: whoever makes one must not hide the others of its kind, nor end the
    /// program's stack. What is that deep is left out.
    static let reading: JSONReadingOptions = {
        var options = JSONReadingOptions()
        options.deepValues = .leftOut
        return options
    }()

    /// The document of a good answer.
    static func document(_ response: HTTPResponse, _ request: RequestDescription) throws -> Value {
        do {
            return try Value(json: response.body, options: reading)
        } catch {
            throw notJSON(response, request, cause: error.description)
        }
    }

    /// The object of a good answer.
    static func object(_ response: HTTPResponse, _ request: RequestDescription) throws -> KubernetesObject {
        let object = KubernetesObject(try document(response, request))
        guard !object.kind.isEmpty else {
            throw notJSON(response, request, cause: "it is not a Kubernetes object")
        }
        return object
    }

    /// The error of an answer outside of 200 ..< 300.
    ///
    /// - Throws: `TransportError` for an answer that no API server gives, such as a redirect.
    static func failure(of response: HTTPResponse, _ request: RequestDescription) throws -> APIError {
        if (300..<400).contains(response.status) {
            let target = response.headers["Location"].map { " to \($0)" } ?? ""
            throw TransportError(
                .malformed, "the server answered with a redirect\(target), which is not followed",
                hint: "check the server URL of the kubeconfig: something other than an API server answers there",
                request: request)
        }
        var status: APIStatus
        if let document = try? Value(json: response.body), let read = APIStatus(document, httpStatus: response.status) {
            status = read
            // The HTTP status is what proxies and retries go by.
            status.code = response.status
        } else {
            status = foreignFailure(response)
        }
        if status.details.retryAfterSeconds == nil || response.headers["Retry-After"] != nil {
            status.details.retryAfterSeconds = retryAfter(response) ?? status.details.retryAfterSeconds
        }
        return APIError(status: status, request: request)
    }

    /// The warnings of an answer, each once, in order.
    static func warnings(_ response: HTTPResponse) -> [String] {
        var seen = Set<String>()
        return response.headers.all("Warning").flatMap(WarningHeader.texts).filter { seen.insert($0).inserted }
    }

    /// The server's clock.
    static func date(_ response: HTTPResponse) -> Timestamp? {
        response.headers["Date"].flatMap(Timestamp.init(httpDate:))
    }

    /// A failure that something in front of the API server answered: a proxy, a load balancer, a login page.
    private static func foreignFailure(_ response: HTTPResponse) -> APIStatus {
        let type = response.headers["Content-Type"] ?? ""
        var message = "the server answered \(response.status)"
        if type.hasPrefix("text/plain") || type.isEmpty || type.hasPrefix("application/json") {
            let text = String(decoding: response.body.prefix(shownBodyLimit), as: UTF8.self)
            let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if !line.isEmpty { message += ": " + line }
        } else {
            message += " with \(type.prefix(100)), which no API server does: is a proxy or a login page in between?"
        }
        var status = APIStatus(code: response.status, reason: .init(httpStatus: response.status), message: message)
        status.isForeign = true
        return status
    }

    private static func retryAfter(_ response: HTTPResponse) -> Int? {
        // HTTP dates and nonsense are ignored, as client-go does; the policy caps what is left.
        guard let text = response.headers["Retry-After"], let seconds = Int(text), seconds >= 0 else { return nil }
        return seconds
    }

    private static func notJSON(_ response: HTTPResponse, _ request: RequestDescription, cause: String)
        -> TransportError
    {
        let type = response.headers["Content-Type"] ?? "no content type"
        return TransportError(
            .malformed, "the answer (\(type.prefix(100))) cannot be read: \(cause)",
            hint: type.hasPrefix("text/html")
                ? "a proxy or a login page answers in place of the API server: check the server URL of the kubeconfig"
                : nil,
            mayHaveBeenProcessed: true, request: request)
    }
}
