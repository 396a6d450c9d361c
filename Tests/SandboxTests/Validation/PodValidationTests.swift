// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct PodValidationTests {
    private static let pod = #"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}
        """#

    /// The errors of the pod with a merge patch laid over it.
    private func problems(_ patch: String) throws -> [String] {
        let path = try WritePath("v1", "Pod")
        let json = try Value(json: Self.pod).applyingMergePatch(Value(json: patch)).jsonString()
        do {
            _ = try path.create(json)
            return []
        } catch let error as StatusError {
            #expect(error.code == 422)
            return error.details?.causes.map { "\($0.field ?? ""): \($0.message)" } ?? []
        }
    }

    private func container(_ json: String) -> String { #"{"spec":{"containers":[{"name":"c","image":"i",\#(json)}]}}"# }

    @Test func `a small pod is valid`() throws {
        #expect(try problems("{}").isEmpty)
    }

    @Test(arguments: [
        (#""ports":[{"containerPort":0}]"#, "ports[0].containerPort: Required value"),
        (
            #""ports":[{"containerPort":65536}]"#,
            "ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive"
        ),
        (
            #""ports":[{"containerPort":80,"name":"a"},{"containerPort":81,"name":"a"}]"#,
            #"ports[1].name: Duplicate value: "a""#
        ),
        (
            #""ports":[{"containerPort":80,"name":"A_"}]"#,
            #"ports[0].name: Invalid value: "A_": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"#
        ),
        (
            #""ports":[{"containerPort":80,"protocol":"HTTP"}]"#,
            #"ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP""#
        ),
        (#""env":[{"value":"x"}]"#, "env[0].name: Required value"),
        (
            #""env":[{"name":"A=B"}]"#,
            #"env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='"#
        ),
        (
            #""env":[{"name":"A","valueFrom":{}}]"#,
            #"env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"#
        ),
        (
            #""env":[{"name":"A","value":"x","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]"#,
            #"env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty"#
        ),
        (#""volumeMounts":[{"name":"v","mountPath":"/x"}]"#, #"volumeMounts[0].name: Not found: "v""#),
        (
            #""imagePullPolicy":"Maybe""#,
            #"imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never""#
        ),
        (
            #""resources":{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}"#,
            #"resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1"#
        ),
        (
            #""resources":{"limits":{"cpu":"-1"}}"#,
            #"resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0"#
        ),
        (
            #""resources":{"limits":{"foo":"1"}}"#,
            #"resources.limits[foo]: Invalid value: "foo": must be a standard resource type or fully qualified"#
        ),
        (#""livenessProbe":{}"#, "livenessProbe: Required value: must specify a handler type"),
        (
            #""livenessProbe":{"httpGet":{"port":80},"exec":{"command":["x"]}}"#,
            "livenessProbe.httpGet: Forbidden: may not specify more than 1 handler type"
        ),
        (
            #""livenessProbe":{"exec":{"command":["x"]},"successThreshold":2}"#,
            "livenessProbe.successThreshold: Invalid value: 2: must be 1"
        ),
        (
            #""readinessProbe":{"httpGet":{"port":"A b"}}"#,
            "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
        ),
        (
            #""readinessProbe":{"tcpSocket":{"port":0}}"#,
            "readinessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive"
        ),
        (#""restartPolicy":"Always""#, "restartPolicy: Forbidden: may not be set for non-init containers"),
        (
            #""securityContext":{"allowPrivilegeEscalation":false,"privileged":true}"#,
            "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
        ),
        (#""envFrom":[{}]"#, #"envFrom[0]: Invalid value: "": must specify one of: `configMapRef` or `secretRef`"#),
    ])
    func `containers are checked`(json: String, expected: String) throws {
        let found = try problems(container(json))
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test(arguments: [
        (#"{"spec":{"containers":[]}}"#, "spec.containers: Required value"),
        (#"{"spec":{"containers":null}}"#, "spec.containers: Required value"),
        (
            #"{"spec":{"restartPolicy":"Often"}}"#,
            #"spec.restartPolicy: Unsupported value: "Often": supported values: "Always", "OnFailure", "Never""#
        ),
        (
            #"{"spec":{"dnsPolicy":"None"}}"#,
            "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"
        ),
        (
            #"{"spec":{"volumes":[{"name":"v","emptyDir":{},"hostPath":{"path":"/"}}]}}"#,
            "may not specify more than 1 volume type"
        ),
        (#"{"spec":{"volumes":[{"name":"v","secret":{}}]}}"#, "spec.volumes[0].secret.secretName: Required value"),
        (
            #"{"spec":{"volumes":[{"name":"v","emptyDir":{}},{"name":"v","emptyDir":{}}]}}"#,
            #"spec.volumes[1].name: Duplicate value: "v""#
        ),
        (
            #"{"spec":{"volumes":[{"name":"v","configMap":{"name":"x","defaultMode":512}}]}}"#,
            "must be a number between 0 and 0777 (octal), both inclusive"
        ),
        (
            #"{"spec":{"tolerations":[{"operator":"Equal","value":"x"}]}}"#,
            "operator must be Exists when `key` is empty"
        ),
        (
            #"{"spec":{"initContainers":[{"name":"c","image":"i"}]}}"#,
            #"spec.initContainers[0].name: Duplicate value: "c""#
        ),
        (
            #"{"spec":{"initContainers":[{"name":"x","image":"i","livenessProbe":{"exec":{"command":["x"]}}}]}}"#,
            "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always"
        ),
        (#"{"spec":{"securityContext":{"runAsUser":-1}}}"#, "must be between 0 and 2147483647, inclusive"),
        (
            #"{"spec":{"securityContext":{"seccompProfile":{"type":"X"}}}}"#,
            #"Unsupported value: "X": supported values: "Localhost", "RuntimeDefault", "Unconfined""#
        ),
        (#"{"spec":{"hostAliases":[{"ip":"300.1.1.1"}]}}"#, "must be a valid IP address"),
        (#"{"metadata":{"labels":{"a b":"c"}}}"#, #"metadata.labels: Invalid value: "a b": name part must consist of"#),
        (
            #"{"metadata":{"labels":{"a":"-"}}}"#,
            #"metadata.labels: Invalid value: "-": a valid label must be an empty string"#
        ),
        (#"{"metadata":{"finalizers":["/x"]}}"#, "prefix part must be non-empty"),
        (
            #"{"metadata":{"ownerReferences":[{"kind":"A"}]}}"#,
            "metadata.ownerReferences[0].uid: Required value: must not be empty"
        ),
        (
            #"{"spec":{"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":""}]}}}}"#,
            "topologyKey: Required value: can not be empty"
        ),
    ])
    func `pods are checked`(patch: String, expected: String) throws {
        let found = try problems(patch)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test func `annotations have a limit`() throws {
        let text = String(repeating: "x", count: 262_144)
        let found = try problems(#"{"metadata":{"annotations":{"a":"\#(text)"}}}"#)
        #expect(found == ["metadata.annotations: Too long: may not be more than 262144 bytes"])
    }

    @Test func `a pod changes its images and little else`() throws {
        let path = try WritePath("v1", "Pod")
        let old = try path.create(Self.pod)
        var image = old
        image["spec"]?["containers"] = [["name": "c", "image": "j"]]
        let updated = old.applyingMergePatch([
            "spec": [
                "containers": .array(
                    (old[path: "spec", "containers"]?.array ?? []).map { $0.applyingMergePatch(["image": "j"]) })
            ]
        ])
        #expect(throws: Never.self) { try path.update(updated, from: old) }
        let error = try #require(throws: StatusError.self) {
            try path.update(old.applyingMergePatch(["spec": ["hostNetwork": true]]), from: old)
        }
        #expect(error.message.contains("pod updates may not change fields other than"))
        #expect(error.message.hasSuffix("+ hostNetwork: true"))
    }

    @Test(arguments: [
        (
            #"{"spec":{"replicas":"2"}}"#,
            "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
        ),
        (
            #"{"spec":{"replicas":1.5}}"#,
            "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32"
        ),
        (
            #"{"spec":{"replicas":99999999999}}"#,
            "json: cannot unmarshal number 99999999999 into Go struct field DeploymentSpec.spec.replicas of type int32"
        ),
        (
            #"{"spec":{"template":{"spec":{"containers":[{"env":[{"name":"A","value":1}]}]}}}}"#,
            "json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string"
        ),
        (
            #"{"spec":{"template":{"spec":{"containers":{}}}}}"#,
            "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container"
        ),
        (
            #"{"spec":{"template":{"spec":{"restartPolicy":1}}}}"#,
            "json: cannot unmarshal number into Go struct field PodSpec.spec.template.spec.restartPolicy of type v1.RestartPolicy"
        ),
        (
            #"{"metadata":{"annotations":{"a":1}}}"#,
            "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.annotations of type string"
        ),
        (
            #"{"spec":{"template":{"spec":{"containers":[{"resources":{"limits":{"cpu":"x"}}}]}}}}"#,
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        ),
        (
            #"{"spec":[]}"#,
            "json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec"
        ),
        (
            #"{"spec":{"strategy":{"rollingUpdate":{"maxSurge":true}}}}"#,
            "json: cannot unmarshal bool into Go value of type int32"
        ),
        (
            #"{"spec":{"bogus":{"deep":1}},"also":1}"#,
            #"strict decoding error: unknown field "spec.bogus", unknown field "also""#
        ),
        (
            #"{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"nmae":"b"}]}}}}"#,
            #"strict decoding error: unknown field "spec.template.spec.containers[1].nmae""#
        ),
    ])
    func `bodies are decoded as strictly as by Go`(json: String, expected: String) throws {
        let error = try #require(throws: StatusError.self) { try WritePath("apps/v1", "Deployment").decode(json) }
        #expect(error.code == 400)
        #expect(error.message == #"Deployment in version "v1" cannot be handled as a Deployment: "# + expected)
    }

    @Test func `bytes that are no base64 are told by their place`() throws {
        let error = try #require(throws: StatusError.self) {
            try WritePath("v1", "Secret").decode(#"{"metadata":{"name":"s"},"data":{"a":"*"}}"#)
        }
        #expect(
            error.message
                == #"Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0"#)
    }
}
