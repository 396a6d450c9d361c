// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

/// What a write path does with the pure functions, in little: decode, default, validate.
struct WritePath {
    let kind: BuiltInTypes.Kind
    let schema: TypeSchema

    init(_ apiVersion: String, _ kind: String) throws {
        self.kind = BuiltInTypes.Kind(apiVersion: apiVersion, kind: kind)
        schema = try #require(BuiltInTypes.schema(apiVersion: apiVersion, kind: kind))
    }

    func decode(_ json: String, _ validation: FieldValidation = .strict) throws -> (object: Value, warnings: [String]) {
        try ObjectDecoder(apiVersion: kind.apiVersion, kind: kind.kind, schema: schema)
            .decode(Array(json.utf8), fieldValidation: validation)
    }

    func create(_ json: String, isNamespaced: Bool = true) throws -> Value {
        var object = try decode(json).object
        if isNamespaced, object[path: "metadata", "namespace"] == nil {
            object.set("default", at: ["metadata", "namespace"])
        }
        ObjectDefaults.fill(&object, kind: kind)
        object = object.normalized(as: schema)
        let errors = ObjectValidator.create(object, kind: kind, isNamespaced: isNamespaced)
        guard errors.isEmpty else {
            throw StatusError.invalid(object, apiVersion: kind.apiVersion, kind: kind.kind, errors)
        }
        return object
    }

    func update(_ object: Value, from old: Value) throws -> Value {
        var object = object
        ObjectDefaults.fill(&object, kind: kind)
        let errors = ObjectValidator.update(object, from: old, kind: kind)
        guard errors.isEmpty else {
            throw StatusError.invalid(object, apiVersion: kind.apiVersion, kind: kind.kind, errors)
        }
        return object
    }

    /// The error of a body that is refused.
    func refusal(_ json: String, isNamespaced: Bool = true) throws -> StatusError {
        try #require(throws: StatusError.self) { try create(json, isNamespaced: isNamespaced) }
    }
}

/// The bodies of a real API server of version 1.36, request by request.
@Suite struct EvidenceTests {
    private func expect(_ error: StatusError, _ json: String) throws {
        #expect(try error.body == Value(json: json))
    }

    @Test func `unknown and repeated fields`() throws {
        let error = try WritePath("v1", "ConfigMap").refusal(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"e3"},"dat":{"a":"1"},"data":{"a":"1","a":"2"}}"#
        )
        try expect(
            error,
            #"""
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
            "message":"ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"dat\", duplicate field \"data.a\"",
            "reason":"BadRequest","code":400}
            """#)
    }

    @Test func `unknown fields are warnings when only that was asked`() throws {
        let decoded = try WritePath("v1", "ConfigMap").decode(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"e3"},"dat":{"a":"1"}}"#, .warn)
        #expect(decoded.warnings == [#"unknown field "dat""#])
        #expect(decoded.object["dat"] == nil)
    }

    @Test func `a bad name`() throws {
        let error = try WritePath("v1", "ConfigMap").refusal(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"Bad_Name"}}"#)
        try expect(
            error,
            #"""
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
            "message":"ConfigMap \"Bad_Name\" is invalid: metadata.name: Invalid value: \"Bad_Name\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
            "reason":"Invalid","details":{"name":"Bad_Name","kind":"ConfigMap","causes":[{"reason":"FieldValueInvalid",
            "message":"Invalid value: \"Bad_Name\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
            "field":"metadata.name"}]},"code":422}
            """#)
    }

    @Test func `another kind than the path's`() throws {
        let error = try WritePath("v1", "ConfigMap").refusal(
            #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"}}"#)
        #expect(
            error.message
                == #"Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion"#
        )
        #expect(error.code == 400)
    }

    @Test func `no name`() throws {
        let error = try WritePath("v1", "ConfigMap").refusal(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{}}"#)
        try expect(
            error,
            #"""
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
            "message":"ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required",
            "reason":"Invalid","details":{"kind":"ConfigMap","causes":[{"reason":"FieldValueRequired",
            "message":"Required value: name or generateName is required","field":"metadata.name"}]},"code":422}
            """#)
    }

    @Test func `three things wrong with a Deployment`() throws {
        let error = try WritePath("apps/v1", "Deployment").refusal(
            #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"x"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"X"}]}}}}"#
        )
        try expect(
            error,
            #"""
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
            "message":"Deployment.apps \"x\" is invalid: [spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match template `labels`, spec.template.spec.containers[0].name: Invalid value: \"X\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?'), spec.template.spec.containers[0].image: Required value]",
            "reason":"Invalid","details":{"name":"x","group":"apps","kind":"Deployment","causes":[
            {"reason":"FieldValueInvalid","message":"Invalid value: {\"a\":\"c\"}: `selector` does not match template `labels`","field":"spec.template.metadata.labels"},
            {"reason":"FieldValueInvalid","message":"Invalid value: \"X\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')","field":"spec.template.spec.containers[0].name"},
            {"reason":"FieldValueRequired","message":"Required value","field":"spec.template.spec.containers[0].image"}]},"code":422}
            """#)
    }

    @Test func `a selector that changes`() throws {
        let path = try WritePath("apps/v1", "Deployment")
        let old = try path.create(
            #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"#
        )
        let new = old.applyingMergePatch(["spec": ["selector": ["matchLabels": ["a": "b"]]]])
        let error = try #require(throws: StatusError.self) { try path.update(new, from: old) }
        try expect(
            error,
            #"""
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
            "message":"Deployment.apps \"web\" is invalid: [spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match template `labels`, spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\",\"app\":\"web\"}}: field is immutable]",
            "reason":"Invalid","details":{"name":"web","group":"apps","kind":"Deployment","causes":[
            {"reason":"FieldValueInvalid","message":"Invalid value: {\"app\":\"web\"}: `selector` does not match template `labels`","field":"spec.template.metadata.labels"},
            {"reason":"FieldValueInvalid","message":"Invalid value: {\"matchLabels\":{\"a\":\"b\",\"app\":\"web\"}}: field is immutable","field":"spec.selector"}]},"code":422}
            """#)
    }
}
