// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct StrategicMergePatchTests {
    private func apply(_ patch: String, to pod: String, kind: String = "Pod") throws -> Value {
        let apiVersion = kind == "Deployment" ? "apps/v1" : "v1"
        let schema = try #require(BuiltInTypes.schema(apiVersion: apiVersion, kind: kind))
        return try StrategicMergePatch(Value(json: patch), schema: schema).applied(to: Value(json: pod))
    }

    @Test(arguments: [
        // Elements merge by key; those of the patch come first, in its order.
        (
            #"{"spec":{"containers":[{"name":"a","image":"1","env":[{"name":"X","value":"1"}]},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"a","image":"2"},{"name":"c","image":"3"}]}}"#,
            #"{"spec":{"containers":[{"name":"a","image":"2","env":[{"name":"X","value":"1"}]},{"name":"c","image":"3"},{"name":"b"}]}}"#
        ),
        // An element goes by its directive.
        (
            #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"$patch":"delete","name":"a"}]}}"#, #"{"spec":{"containers":[{"name":"b"}]}}"#
        ),
        // The whole list is replaced.
        (
            #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"c"},{"$patch":"replace"}]}}"#, #"{"spec":{"containers":[{"name":"c"}]}}"#
        ),
        // A map is replaced or emptied.
        (
            #"{"metadata":{"labels":{"a":"1","b":"2"}}}"#, #"{"metadata":{"labels":{"$patch":"replace","c":"3"}}}"#,
            #"{"metadata":{"labels":{"c":"3"}}}"#
        ),
        (
            #"{"metadata":{"labels":{"a":"1"}}}"#, #"{"metadata":{"labels":{"$patch":"delete"}}}"#,
            #"{"metadata":{"labels":{}}}"#
        ),
        // Null removes, and is not taken over.
        (
            #"{"metadata":{"labels":{"a":"1","b":"2"}}}"#,
            #"{"metadata":{"labels":{"a":null},"annotations":{"x":null}}}"#,
            #"{"metadata":{"labels":{"b":"2"},"annotations":{}}}"#
        ),
        // Lists of scalars: merged where the type says so, else replaced.
        (
            #"{"metadata":{"finalizers":["a","b"]}}"#, #"{"metadata":{"finalizers":["c","a"]}}"#,
            #"{"metadata":{"finalizers":["c","a","b"]}}"#
        ),
        (
            #"{"metadata":{"finalizers":["a","b"]}}"#, #"{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}"#,
            #"{"metadata":{"finalizers":["b"]}}"#
        ),
        (
            #"{"spec":{"containers":[{"name":"a","args":["1","2"]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","args":["3"]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","args":["3"]}]}}"#
        ),
        (
            #"{"spec":{"tolerations":[{"key":"a"}]}}"#, #"{"spec":{"tolerations":[{"key":"b"}]}}"#,
            #"{"spec":{"tolerations":[{"key":"b"}]}}"#
        ),
        // Volumes keep only the named source.
        (
            #"{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}"#,
            #"{"spec":{"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/x"}}]}}"#,
            #"{"spec":{"volumes":[{"name":"v","hostPath":{"path":"/x"}}]}}"#
        ),
        // The order of the client is kept, elements that only the server knows stay before what they were before.
        (
            #"{"spec":{"containers":[{"name":"a"},{"name":"s"},{"name":"b"}]}}"#,
            #"{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b","image":"2"}]}}"#,
            #"{"spec":{"containers":[{"name":"s"},{"name":"b","image":"2"},{"name":"a"}]}}"#
        ),
        (
            #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"$setElementOrder/containers":[{"name":"b"}],"containers":[{"$patch":"delete","name":"a"}]}}"#,
            #"{"spec":{"containers":[{"name":"b"}]}}"#
        ),
    ])
    func `patches merge as the types say`(pod: String, patch: String, expected: String) throws {
        #expect(try apply(patch, to: pod) == Value(json: expected))
    }

    @Test func `the strategy of a Deployment keeps only the named keys`() throws {
        let result = try apply(
            #"{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}"#,
            to: #"{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}}"#, kind: "Deployment")
        #expect(result == ["spec": ["strategy": ["type": "Recreate"]]])
    }

    @Test(arguments: [
        (
            #"{"spec":{"containers":[{"image":"2"}]}}"#, 500,
            "map: map[image:2] does not contain declared merge key: name"
        ),
        (#"{"spec":{"bogus":{"a":1}}}"#, 200, ""),
        (
            #"{"spec":{"securityContext":{"nope":{"a":1}}}}"#, 500,
            #"unable to find api field in struct PodSecurityContext for the json field "nope""#
        ),
        (#"{"spec":{"$patch":"jump"}}"#, 500, "unknown patch type: jump in map: map[$patch:jump]"),
        (#"{"spec":{"$setElementOrder/containers":{}}}"#, 400, "invalid patch format of setElementOrder list"),
        (
            #"{"spec":{"volumes":[{"name":"v","$retainKeys":["name"],"hostPath":{}}]}}"#, 400,
            "invalid patch format of retainKeys"
        ),
        ("[1]", 400, "json: cannot unmarshal array into Go value of type map[string]interface {}"),
        (
            #"{"spec":{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"name":"b"}]}}"#, 500,
            "The order in patch list:\n[map[name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n"
        ),
    ])
    func `bad directives are refused with the server's text`(patch: String, code: Int, message: String) throws {
        let pod =
            #"{"spec":{"containers":[{"name":"a"}],"volumes":[{"name":"v"}],"securityContext":{"nope":{"b":1}}}}"#
        do {
            _ = try apply(patch, to: pod)
            #expect(code == 200)
        } catch let error as StatusError {
            #expect(error.code == code)
            #expect(error.message == message)
        }
    }
}
