// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values
import YAMLText

extension HTTPResponse {
    private static let common: HTTPHeaders = ["Cache-Control": "no-cache, private", "Content-Type": "application/json"]

    /// A JSON text.
    static func json(bytes: [UInt8], status: Int = 200, warnings: [String] = []) -> HTTPResponse {
        var response = HTTPResponse(status: status, headers: common, body: .bytes(bytes))
        for warning in warnings { response.warn(warning) }
        return response
    }

    /// Adds a text that kubectl shows to its user.
    mutating func warn(_ text: String) {
        // A real server cuts long texts, too.
        headers.add("Warning", "299 - \(Value.string(String(text.prefix(256))).jsonString())")
    }

    /// A document as JSON.
    static func json(_ value: Value, status: Int = 200, warnings: [String] = []) -> HTTPResponse {
        json(bytes: value.json() + [10], status: status, warnings: warnings)
    }

    /// A document in the form a client asked for, which is JSON or YAML.
    static func document(_ value: Value, form: Accept.Form, status: Int = 200, warnings: [String] = []) -> HTTPResponse
    {
        guard form == .yaml else { return json(value, status: status, warnings: warnings) }
        var response = json(bytes: value.yaml(), status: status, warnings: warnings)
        response.headers["Content-Type"] = "application/yaml"
        return response
    }

    /// A refusal.
    static func status(_ error: StatusError) -> HTTPResponse {
        var response = json(error.body, status: error.code)
        if let seconds = error.details?.retryAfterSeconds { response.headers["Retry-After"] = "\(seconds)" }
        if error.code == 401 { response.headers["WWW-Authenticate"] = "Bearer realm=\"sandbox\"" }
        return response
    }

    /// The same answer laid out for people, when it is a JSON document.
    func laidOut() -> HTTPResponse {
        guard case .bytes(let bytes) = body, headers["Content-Type"] == "application/json",
            let value = try? Value(json: bytes)
        else { return self }
        var response = self
        response.body = .bytes(value.json(.pretty) + [10])
        return response
    }
}
