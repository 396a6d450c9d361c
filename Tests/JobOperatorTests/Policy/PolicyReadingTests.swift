// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Diagnostics
import Formats
import JobOperator
import Testing
import Values

private let configMap = JobKey(namespace: "fl", name: "iflearner-jobs-client")

/// The problems of a policy as `line:column message | hint`.
private func problems(_ text: String) -> [String] {
    do throws(PolicyError) {
        _ = try JobPolicy(reading: text, of: configMap)
        return []
    } catch {
        return error.diagnostics.map { problem in
            let place = problem.location.map { "\($0.line):\($0.column) " } ?? ""
            return place + problem.message + (problem.hint.map { " | " + $0 } ?? "")
        }
    }
}

@Suite struct `A policy is read` {
    @Test func `with every key`() throws {
        let policy = try JobPolicy(
            reading: """
                registry: harbor.klinik.local/fl
                registryMirrors: {ghcr.io: harbor.klinik.local/ghcr}
                imagePullSecrets: [{name: harbor-pull}]
                allowImages: [harbor.klinik.local/, ghcr.io/iflytek/]
                resources: {requests: {cpu: 4, memory: 16Gi}, limits: {memory: 32Gi, nvidia.com/gpu: "1"}}
                nodeSelector: {gpu: a30}
                tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]
                runtimeClassName: nvidia
                shmSize: 8Gi
                data: [{path: /data/lung-ct/, existingClaim: lung-ct-training}, {path: /w, existingClaim: w, readOnly: false}]
                env: [{name: A, value: "b"}]
                labels: {cost-centre: "4711"}
                podSecurity: baseline
                evictionGuard: true
                ingress: {className: public, controller: haproxy, annotations: {a/b: c}}
                hostAliases: {service: {namespace: fl-lungnet, name: iflearner-relay}}
                """, of: configMap)
        #expect(policy.mirrors.target(of: "ghcr.io/a/b") == "harbor.klinik.local/ghcr/a/b")
        #expect(policy.mirrors.target(of: "quay.io/a/b") == "harbor.klinik.local/fl/a/b")
        #expect(policy.imagePullSecrets == ["harbor-pull"])
        #expect(policy.allowImages?.map(\.text) == ["harbor.klinik.local/", "ghcr.io/iflytek/"])
        #expect(policy.resources.requests == ["cpu": "4", "memory": "16Gi"])
        #expect(policy.resources.limits == ["memory": "32Gi", "nvidia.com/gpu": "1"])
        #expect(policy.nodeSelector == ["gpu": "a30"])
        #expect(policy.tolerations == [["key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"]])
        #expect(policy.runtimeClassName == "nvidia")
        #expect(policy.shmSize == "8Gi")
        #expect(policy.data?.map(\.path.description) == ["/data/lung-ct", "/w"])
        #expect(policy.data?.map(\.readOnly) == [true, false])
        #expect(policy.env.map(\.name) == ["A"])
        #expect(policy.labels == ["cost-centre": "4711"])
        #expect(policy.podSecurity == .baseline)
        #expect(policy.evictionGuard)
        #expect(policy.ingress?.className == "public")
        #expect(policy.ingress?.controller == "haproxy")
        #expect(policy.ingress?.annotations == ["a/b": "c"])
        #expect(policy.hostAliases == .service(namespace: "fl-lungnet", name: "iflearner-relay"))
    }

    @Test(arguments: ["", "# nothing\n", "{}", "---\n"])
    func `as one that changes nothing where it says nothing`(_ text: String) throws {
        #expect(try JobPolicy(reading: text, of: configMap) == JobPolicy())
    }

    @Test func `with an empty list of folders as a list`() throws {
        let policy = try JobPolicy(reading: "data: []\nallowImages: []\n", of: configMap)
        #expect(policy.data == [])
        #expect(policy.allowImages == [])
        #expect(policy.confinesTasks)
    }

    @Test(arguments: [
        ("allowImage: [a/]", "1:1 unknown key 'allowImage' (did you mean 'allowImages'?)"),
        ("allowImages:", "1:1 allowImages is empty | write a value, or remove the key"),
        ("data: ~", "1:1 data is empty | write a value, or remove the key"),
        ("data: false", "1:7 data must be a list, not a boolean"),
        ("allowImages: harbor/", "1:14 allowImages must be a list, not a text"),
        (
            "allowImages:\n- ghcr.io/*",
            "2:3 allowImages[0]: 'ghcr.io/*' is a pattern: a beginning is enough, without '*'"
        ),
        ("allowImages: [3]", "1:15 allowImages[0] must be a text, not a number | put it in quotes"),
        ("allowImages: [[]]", "1:15 allowImages[0] must be a text, not a list"),
        (
            "data: [{path: /a/../b, existingClaim: c}]",
            "1:15 data[0].path: '/a/../b' is not an absolute path without '..'"
        ),
        ("data: [{path: a, existingClaim: c}]", "1:15 data[0].path: 'a' is not an absolute path without '..'"),
        ("data: [{path: /a}]", "1:8 data[0] needs path and existingClaim"),
        (
            "data: [{path: /a, existingClaim: c, readonly: true}]",
            "1:37 unknown key 'readonly' in data[0] (did you mean 'readOnly'?)"
        ),
        (
            "data: [{path: /a, existingClaim: c, readOnly: perhaps}]",
            "1:47 data[0].readOnly must be true or false, not a text"
        ),
        ("data: [{path: /a, existingClaim: c}, {path: /a/, existingClaim: d}]", "1:38 data names '/a' twice"),
        ("data: []\ndata: []", "2:1 key 'data' is written twice"),
        ("resources: {requests: {cpu: 4x}}", "1:29 resources.requests.cpu must be a quantity such as 500m, 2 or 1Gi"),
        (
            "resources: {limits: {gpu: 1}}",
            "1:22 resources.limits: 'gpu' is not a resource: cpu, memory, ephemeral-storage, or a device such as nvidia.com/gpu"
        ),
        (
            "resources: {requests: {cpu: 4}, limits: {cpu: 500m}}",
            "1:12 resources asks for 4 of cpu, but limits it to less"
        ),
        (
            "resources: {requests: {nvidia.com/gpu: 1}}",
            "1:12 resources asks for nvidia.com/gpu without the same limit | devices and huge pages are not shared: write the limit alone"
        ),
        ("shmSize: 0", "1:10 shmSize must be above zero"),
        ("shmSize: -1Gi", "1:10 shmSize must be a quantity such as 500m, 2 or 1Gi"),
        ("env: {A: b}", "1:6 env must be a list, not a mapping"),
        ("env: [{name: A, value: 1}]", "1:24 env[0].value must be a text, not a number | put it in quotes"),
        ("env: [{name: 1A, value: b}]", "1:14 env[0].name: '1A' is not the name of a variable"),
        ("env: [{name: A, value: b}, {name: A, value: c}]", "1:28 env sets 'A' twice"),
        (
            "labels: {app: x}",
            "1:9 labels must not hold 'app', by which a job's Service finds its pod | choose another key"
        ),
        ("labels: {a: 'b c'}", nil),
        ("labels: {a: y}", "1:13 labels.a must be a text, not a boolean | put it in quotes"),
        (
            "podSecurity: strict",
            "1:14 podSecurity: 'strict' is not one of privileged, baseline, restricted, openshift"
        ),
        ("evictionGuard: 'true'", "1:16 evictionGuard must be true or false, not a text"),
        (
            "tolerations: [{effect: NoSchedule}]",
            "1:15 tolerations[0] has no key | add key, or write operator: Exists for all taints"
        ),
        ("registry: http://harbor", "1:11 registry: 'http://harbor' must not have a scheme: write host/path"),
        ("registryMirrors: {ghcr.io/x: a}", nil),
        ("imagePullSecrets: [harbor]", nil),
        (
            "hostAliases: {host: a, service: {namespace: b, name: c}}",
            "1:14 hostAliases needs one of service and host | write {service: {namespace: NAMESPACE, name: NAME}} or {host: NAME}"
        ),
        ("hostAliases: {host: 'a b'}", "1:21 hostAliases.host: 'a b' is not a host name or an IP address"),
        ("hostAliases: {service: {name: a}}", "1:24 hostAliases.service needs namespace and name"),
        ("[]", "1:1 a policy must be a mapping, not a list"),
        ("a", "1:1 a policy must be a mapping, not a text"),
        ("{}\n---\na: 1", nil),
        ("a: [", nil),
        ("<<: {data: []}", nil),
        ("? [a]\n: b", nil),
    ])
    func `or refused with the place of what is wrong`(_ text: String, _ problem: String?) {
        let found = problems(text)
        #expect(!found.isEmpty)
        if let problem { #expect(found.first?.hasPrefix(problem) == true, "\(found)") }
    }

    @Test func `and never quotes the value of a variable`() {
        let found = problems(
            "env: [{name: A, value: [hunter2]}, {name: B, value: {x: hunter2}}, {name: C, value: !!int hunter2}]")
        #expect(found.count >= 3)
        #expect(!found.joined().contains("hunter2"), "\(found)")
    }
}

@Suite struct `The cache of policies` {
    private func object(_ name: String, _ data: Value) -> KubernetesObject {
        KubernetesObject(["metadata": ["namespace": "fl", "name": .string(name)], "data": data])
    }

    @Test func `knows them by namespace and role, and says what changed`() throws {
        let cache = JobCache()
        #expect(cache.policy(namespace: "fl", role: .client) == .none)
        let first = object("iflearner-jobs-client", ["policy.yaml": "shmSize: 8Gi\n"])
        #expect(cache.note(policy: first) == .client)
        #expect(cache.note(policy: first) == nil)
        var policy = JobPolicy()
        policy.shmSize = "8Gi"
        #expect(cache.policy(namespace: "fl", role: .client) == .policy(policy))
        #expect(cache.policy(namespace: "fl", role: .server) == .none)
        #expect(cache.policy(namespace: "other", role: .client) == .none)
        #expect(cache.policyKeys == [configMap])
        #expect(cache.note(policy: object("iflearner-jobs-client", ["policy.yaml": "{}"])) == .client)
        #expect(cache.forget(policy: configMap) == .client)
        #expect(cache.forget(policy: configMap) == nil)
        #expect(cache.policy(namespace: "fl", role: .client) == .none)
    }

    @Test func `leaves out other ConfigMaps`() {
        let cache = JobCache()
        #expect(cache.note(policy: object("server-iflearner-crt", ["policy.yaml": "{}"])) == nil)
        #expect(cache.policyKeys.isEmpty)
    }

    @Test(arguments: [Value.null, [:], ["other": "x"], ["policy.yaml": 1], [], "x", ["policy.yaml": "x: 1"]])
    func `holds what it does not understand against tasks`(_ data: Value) throws {
        let cache = JobCache()
        #expect(cache.note(policy: object("iflearner-jobs-server", data)) == .server)
        guard case .unreadable(let error) = cache.policy(namespace: "fl", role: .server) else {
            Issue.record("it was read")
            return
        }
        #expect(error.message.hasPrefix("ConfigMap fl/iflearner-jobs-server"))
        #expect(error.message.contains("; "))
    }
}
