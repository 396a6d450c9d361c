// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct FieldOwnershipTests {
    private func ownership(
        _ apiVersion: String = "v1", _ kind: String = "ConfigMap", subresource: String = "",
        reset: FieldSet = FieldSet(),
        time: String = "2026-11-20T11:42:25Z"
    ) throws -> FieldOwnership {
        FieldOwnership(
            apiVersion: apiVersion, kind: kind,
            schema: try #require(BuiltInTypes.schema(apiVersion: apiVersion, kind: kind)), subresource: subresource,
            resetFields: reset, time: time)
    }

    private func configMap(_ data: Value) -> Value {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "e1"], "data": data]
    }

    private func deployment(_ spec: Value) -> Value {
        ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"], "spec": spec]
    }

    private func fields(_ object: Value, _ manager: String) -> Value? {
        object[path: "metadata", "managedFields"]?.array?.first { $0["manager"]?.string == manager }?["fieldsV1"]
    }

    private func status(_ body: () throws -> Value) -> StatusError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? StatusError
        }
    }

    @Test func `a create records what the client wrote, with the map itself`() throws {
        let created = try ownership().update(live: nil, new: configMap(["a": "1"]), manager: "curl")
        let expected: Value = [
            [
                "manager": "curl", "operation": "Update", "apiVersion": "v1", "time": "2026-11-20T11:42:25Z",
                "fieldsType": "FieldsV1", "fieldsV1": ["f:data": [".": [:], "f:a": [:]]],
            ]
        ]
        #expect(created[path: "metadata", "managedFields"] == expected)
    }

    @Test func `an apply owns exactly what it says`() throws {
        let applied = try ownership().apply(
            live: nil, configuration: configMap(["a": "2"]), manager: "m2", force: false)
        #expect(fields(applied, "m2") == ["f:data": ["f:a": [:]]])
        #expect(applied["data"] == ["a": "2"])
    }

    @Test func `the wire sample of a Deployment has sorted keys with the protocol filled in`() throws {
        let configuration = deployment([
            "replicas": 2,
            "template": ["spec": ["containers": [["name": "c", "image": "i", "ports": [["containerPort": 80]]]]]],
        ])
        let applied = try ownership("apps/v1", "Deployment")
            .apply(live: nil, configuration: configuration, manager: "m1", force: false)
        let expected = try Value(
            json: #"""
                {"f:spec":{"f:replicas":{},"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:image":{},
                "f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}}
                """#)
        #expect(fields(applied, "m1") == expected)
    }

    @Test func `a field of another manager is a conflict with the exact text`() throws {
        let live = try ownership().update(live: nil, new: configMap(["a": "1"]), manager: "curl")
        let error = try #require(
            status {
                try ownership().apply(live: live, configuration: configMap(["a": "2"]), manager: "m2", force: false)
            })
        #expect(error.code == 409)
        #expect(error.message == #"Apply failed with 1 conflict: conflict with "curl" using v1: .data.a"#)
        #expect(
            error.details?.causes == [
                StatusError.Cause(
                    reason: "FieldManagerConflict", message: #"conflict with "curl" using v1"#, field: ".data.a")
            ])
    }

    @Test func `several conflicts are listed by manager`() throws {
        let first = try ownership().apply(
            live: nil, configuration: configMap(["a": "1", "b": "1"]), manager: "z", force: false)
        let live = try ownership().apply(live: first, configuration: configMap(["c": "1"]), manager: "a", force: false)
        let error = try #require(
            status {
                try ownership().apply(
                    live: live, configuration: configMap(["a": "2", "b": "2", "c": "2"]), manager: "m", force: false)
            })
        #expect(
            error.message == """
                Apply failed with 3 conflicts: conflicts with "a":
                - .data.c
                conflicts with "z":
                - .data.a
                - .data.b
                """)
    }

    @Test func `equal values are owned together, and force takes the others over`() throws {
        let first = try ownership().apply(live: nil, configuration: configMap(["a": "1"]), manager: "m1", force: false)
        let shared = try ownership().apply(
            live: first, configuration: configMap(["a": "1"]), manager: "m2", force: false)
        #expect(fields(shared, "m1") == fields(shared, "m2"))
        let forced = try ownership().apply(
            live: shared, configuration: configMap(["a": "2"]), manager: "m2", force: true)
        #expect(fields(forced, "m1") == nil)
        #expect(forced["data"] == ["a": "2"])
    }

    @Test func `a field that is applied no more goes, unless another owns it`() throws {
        let first = try ownership().apply(
            live: nil, configuration: configMap(["a": "1", "b": "1"]), manager: "m1", force: false)
        let shared = try ownership().apply(
            live: first, configuration: configMap(["a": "1"]), manager: "m2", force: false)
        let emptied: Value = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "e1"]]
        let pruned = try ownership().apply(live: shared, configuration: emptied, manager: "m1", force: false)
        #expect(pruned["data"] == ["a": "1"])
        #expect(fields(pruned, "m1") == nil)
        let gone = try ownership().apply(live: pruned, configuration: emptied, manager: "m2", force: false)
        #expect(gone["data"] == nil)
    }

    @Test func `a list element applied no more goes with what others did not add to it`() throws {
        let owner = try ownership("apps/v1", "Deployment")
        func containers(_ list: Value) -> Value { deployment(["template": ["spec": ["containers": list]]]) }
        let first = try owner.apply(
            live: nil, configuration: containers([["name": "a", "image": "i"], ["name": "b", "image": "j"]]),
            manager: "m",
            force: false)
        let second = try owner.apply(
            live: first, configuration: containers([["name": "b", "image": "j"]]), manager: "m", force: false)
        let names = second[path: "spec", "template", "spec", "containers"]?.array?.compactMap { $0["name"]?.string }
        #expect(names == ["b"])
    }

    @Test func `live elements stay between their neighbours, applied ones keep their order`() throws {
        let owner = try ownership("apps/v1", "Deployment")
        func volumes(_ names: [String]) -> Value {
            deployment(["template": ["spec": ["volumes": .array(names.map { ["name": .string($0)] })]]])
        }
        let live = owner.update(live: nil, new: volumes(["a", "b", "c"]), manager: "k")
        let merged = try owner.apply(live: live, configuration: volumes(["c", "x", "a"]), manager: "m", force: false)
        let names = merged[path: "spec", "template", "spec", "volumes"]?.array?.compactMap { $0["name"]?.string }
        #expect(names == ["b", "c", "x", "a"])
    }

    @Test func `the time changes only when something changes`() throws {
        let first = try ownership().apply(live: nil, configuration: configMap(["a": "1"]), manager: "m", force: false)
        let again = try ownership(time: "2027-01-01T00:00:00Z")
            .apply(live: first, configuration: configMap(["a": "1"]), manager: "m", force: false)
        #expect(again == first)
        let changed = try ownership(time: "2027-01-01T00:00:00Z")
            .apply(live: first, configuration: configMap(["a": "2"]), manager: "m", force: false)
        #expect(changed[path: "metadata", "managedFields"]?[0]?["time"] == "2027-01-01T00:00:00Z")
        let unchanged = try ownership(time: "2027-01-01T00:00:00Z").update(live: first, new: first, manager: "curl")
        #expect(unchanged == first)
    }

    @Test func `a write that only renews times is none`() throws {
        let first = try ownership().apply(live: nil, configuration: configMap(["a": "1"]), manager: "m", force: false)
        var later = first
        later["metadata"]?["managedFields"] = .array(
            (first[path: "metadata", "managedFields"]?.array ?? []).map {
                $0.applyingMergePatch(["time": "2027-01-01T00:00:00Z"])
            })
        #expect(later != first && FieldOwnership.isUnchanged(later, from: first))
        later.set("2", at: ["data", "a"])
        #expect(!FieldOwnership.isUnchanged(later, from: first))
    }

    @Test func `an update takes fields from others without a word`() throws {
        let live = try ownership().apply(
            live: nil, configuration: configMap(["a": "1", "b": "1"]), manager: "m", force: false)
        var new = live
        new.set("2", at: ["data", "a"])
        new.set(nil, at: ["data", "b"])
        let updated = try ownership().update(live: live, new: new, manager: "curl")
        #expect(fields(updated, "m") == nil)
        #expect(fields(updated, "curl") == ["f:data": ["f:a": [:]]])
    }

    @Test func `an untracked object is first given to before-first-apply`() throws {
        let live = configMap(["a": "1"])
        let untouched = try ownership().update(live: live, new: configMap(["a": "2"]), manager: "curl")
        #expect(untouched[path: "metadata", "managedFields"] == nil)
        let error = try #require(
            status {
                try ownership().apply(live: live, configuration: configMap(["a": "2"]), manager: "m", force: false)
            })
        #expect(error.message.contains(#"conflict with "before-first-apply" using v1: .data.a"#))
    }

    @Test func `at most ten updaters are kept apart`() throws {
        var object = configMap(["a": "0"])
        for turn in 0..<15 {
            var new = object
            new.set(.string("\(turn)"), at: ["data", "k\(turn)"])
            let live: Value? = turn == 0 ? Value?.none : object
            let time = "2026-11-20T11:42:\(turn < 10 ? "0" : "")\(turn)Z"
            object = try ownership(time: time).update(live: live, new: new, manager: "m\(turn)")
        }
        let names = object[path: "metadata", "managedFields"]?.array?.compactMap { $0["manager"]?.string } ?? []
        #expect(names.count == 10)
        #expect(names.contains("ancient-changes"))
        #expect(names.contains("m14"))
    }

    @Test(arguments: ["[]", "[{}]"])
    func `an empty list of managers resets them`(text: String) throws {
        let live = try ownership().update(live: nil, new: configMap(["a": "1"]), manager: "curl")
        var new = live
        new.set(try Value(json: text), at: ["metadata", "managedFields"])
        let updated = try ownership().update(live: live, new: new, manager: "x")
        #expect(updated[path: "metadata", "managedFields"] == nil)
    }

    @Test func `the status is not owned by writes to the object itself`() throws {
        let reset = FieldSet([[.field("status")]])
        var object = deployment(["replicas": 1])
        object["status"] = ["replicas": 3]
        let created = try ownership("apps/v1", "Deployment", reset: reset).update(live: nil, new: object, manager: "c")
        #expect(fields(created, "c") == ["f:spec": [".": [:], "f:replicas": [:]]])
        let status = try ownership("apps/v1", "Deployment", subresource: "status", reset: FieldSet([[.field("spec")]]))
        var new = created
        new.set(4, at: ["status", "replicas"])
        let written = status.update(live: created, new: new, manager: "ctl")
        let entry = written[path: "metadata", "managedFields"]?.array?.last
        #expect(entry?["subresource"] == "status")
        #expect(entry?["fieldsV1"] == ["f:status": ["f:replicas": [:]]])
    }

    @Test func `kubectl takes over what its client-side apply wrote`() throws {
        var live = configMap(["a": "1", "b": "1"])
        let text = configMap(["a": "1"]).jsonString()
        live.set(.string(text), at: ["metadata", "annotations", FieldOwnership.lastApplied])
        live = try ownership().update(live: nil, new: live, manager: "kubectl-client-side-apply")
        let applied = try ownership().apply(
            live: live, configuration: configMap(["a": "2"]), manager: "kubectl", force: false)
        #expect(applied["data"] == ["a": "2", "b": "1"])
        let annotation = applied[path: "metadata", "annotations", FieldOwnership.lastApplied]?.string ?? ""
        #expect(annotation.hasSuffix("\n") && annotation.contains(#""a":"2""#))
        let error = try #require(
            status {
                try ownership().apply(
                    live: live, configuration: configMap(["b": "2"]), manager: "kubectl", force: false)
            })
        #expect(error.message.contains(".data.b"))
    }

    @Test func `configurations that are none are refused`() throws {
        var managed = configMap([:])
        managed.set([], at: ["metadata", "managedFields"])
        let first = try #require(
            status { try ownership().apply(live: nil, configuration: managed, manager: "m", force: false) })
        #expect(first.code == 400 && first.message == "metadata.managedFields must be nil")
        let second = try #require(
            status {
                try ownership("apps/v1", "Deployment")
                    .apply(
                        live: nil,
                        configuration: deployment([
                            "template": ["spec": ["containers": [["name": "a"], ["name": "a"]]]]
                        ]), manager: "m", force: false)
            })
        #expect(second.code == 500)
        #expect(second.message.contains(#".spec.template.spec.containers: duplicate entries for key [name="a"]"#))
    }
}
