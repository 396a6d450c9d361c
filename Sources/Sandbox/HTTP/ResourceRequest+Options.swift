// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values
import YAMLText

extension ResourceRequest {
    /// The options of a write, by the parameters of the query.
    func writeOptions(kind: String, isApply: Bool = false) throws -> WriteOptions {
        var options = WriteOptions()
        for text in query.all("dryRun") {
            try OptionChecks.dryRun(text, in: kind)
            options.isDryRun = true
        }
        options.force = ["true", "1"].contains(query["force"] ?? "")
        let manager = query["fieldManager"] ?? ""
        if isApply, manager.isEmpty {
            throw StatusError.invalidOptions(
                kind, .required(FieldPath("fieldManager"), "is required for apply patch"))
        }
        if !isApply, options.force {
            throw StatusError.invalidOptions(
                kind, .forbidden(FieldPath("force"), "may not be specified for non-apply patch"))
        }
        if manager.utf8.count > 128 {
            throw StatusError.invalidOptions(kind, .tooLong(FieldPath("fieldManager"), limit: 128))
        }
        // Without a name the client's program is the manager, as far as the first slash.
        let agent = (http.headers["User-Agent"] ?? "").prefix { $0 != "/" }
        options.manager = manager.isEmpty ? (agent.isEmpty ? "unknown" : String(agent.prefix(128))) : manager
        if let text = query["fieldValidation"], !text.isEmpty {
            guard let validation = FieldValidation(rawValue: text) else {
                throw StatusError.invalidOptions(
                    kind,
                    .notSupported(FieldPath("fieldValidation"), .string(text), ["Ignore", "Strict", "Warn"]))
            }
            options.fieldValidation = validation
        }
        return options
    }

    /// The options of a deletion, by the body or, as some clients do, by the query.
    func deleteOptions() throws -> DeleteOptions {
        var options = DeleteOptions()
        if !http.body.isEmpty { options = try DeleteOptions(try Self.readJSON(try jsonBody())) }
        for text in query.all("dryRun") {
            try OptionChecks.dryRun(text, in: "DeleteOptions")
            options.isDryRun = true
        }
        if let seconds = query["gracePeriodSeconds"].flatMap({ Int($0) }) { options.gracePeriod = max(0, seconds) }
        if let policy = query["propagationPolicy"] { try options.setPropagation(policy) }
        if query["orphanDependents"] == "true" { options.propagation = .orphan }
        return options
    }

    /// The body as JSON, whatever it was sent as.
    func jsonBody() throws -> [UInt8] {
        guard let type = ContentType(http.headers["Content-Type"]) else { throw StatusError.unsupportedMediaType }
        switch type {
        case .json: return http.body
        case .yaml: return try Self.readYAML(http.body).json()
        case .protobuf: return try ProtobufDecoder.decode(http.body).json()
        case .patch: throw StatusError.unsupportedMediaType
        }
    }

    /// The body as a document.
    func document() throws -> Value { try Self.readJSON(try jsonBody()) }

    /// The kind and the document of a patch.
    func patchDocument() throws -> (PatchKind, Value) {
        guard let type = ContentType(http.headers["Content-Type"]), case .patch(let kind) = type else {
            throw StatusError.unsupportedMediaType
        }
        if kind == .apply {
            let document = try Self.readYAML(http.body)
            guard document.mapping != nil else {
                throw StatusError.badRequest("error decoding YAML: the document is no object")
            }
            return (kind, document)
        }
        do { return (kind, try Value(json: http.body)) } catch {
            throw StatusError.badRequest("error decoding patch: \(GoJSON.message(error, in: http.body))")
        }
    }

    private static func readJSON(_ body: [UInt8]) throws -> Value {
        do { return try Value(json: body) } catch {
            throw StatusError.badRequest(
                "couldn't get version/kind; json parse error: \(GoJSON.message(error, in: body))")
        }
    }

    private static func readYAML(_ body: [UInt8]) throws -> Value {
        // JSON is YAML, and is read faster as what it is.
        if body.first == 123, let value = try? Value(json: body) { return value }
        do { return try Value(yaml: body, file: "request") } catch {
            throw StatusError.badRequest("error decoding YAML: \(error.goMessage)")
        }
    }
}

/// The words in which Go's JSON reader complains, as far as they can be told from ours.
enum GoJSON {
    static func message(_ error: JSONError, in text: [UInt8]) -> String {
        guard error.offset < text.count else { return "unexpected end of JSON input" }
        let character = String(decoding: [text[error.offset]], as: UTF8.self)
        let isKey = error.message.contains("key") || text[..<error.offset].last { $0 > 32 } == 123
        let place = isKey ? "looking for beginning of object key string" : "looking for beginning of value"
        return "invalid character '\(character)' \(place)"
    }
}
