// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats
import JobOperator
import Testing
import Values

/// A template that has something everywhere a rule looks.
private let rich: Value = [
    "containers": [
        [
            "name": "trainer", "image": "ghcr.io/iflytek/iflearner:v0.1.0", "command": ["python"],
            "args": ["--server=a.example:30031"],
            "env": [["name": "A", "value": "b"], ["name": "C", "valueFrom": ["fieldRef": ["fieldPath": "x"]]]],
            "envFrom": [["configMapRef": ["name": "c"]]], "ports": [["containerPort": 1, "hostPort": 0]],
            "volumeMounts": [["name": "data", "mountPath": "/data"], ["name": "s", "mountPath": "/dev/shm"]],
            "resources": ["requests": ["cpu": "1"], "limits": ["cpu": "2"]],
            "securityContext": [
                "capabilities": ["add": ["CHOWN"], "drop": ["ALL"]], "procMount": "Default", "privileged": false,
                "seccompProfile": ["type": "RuntimeDefault"],
            ],
            "livenessProbe": ["httpGet": ["port": 1]], "lifecycle": ["preStop": ["tcpSocket": ["port": 1]]],
        ]
    ],
    "initContainers": [["name": "i", "image": "ghcr.io/iflytek/x"]], "ephemeralContainers": [],
    "volumes": [
        ["name": "data", "hostPath": ["path": "/data", "type": "Directory"]], ["name": "s", "emptyDir": [:]],
        ["name": "p", "projected": ["sources": [["configMap": ["name": "c"]]]]],
        ["name": "c", "persistentVolumeClaim": ["claimName": "claim", "readOnly": true]],
    ],
    "imagePullSecrets": [["name": "p"]], "nodeSelector": ["a": "b"], "tolerations": [["operator": "Exists"]],
    "runtimeClassName": "nvidia", "serviceAccountName": "default", "serviceAccount": "default", "hostNetwork": false,
    "hostAliases": [["ip": "10.0.0.1", "hostnames": ["b"]]], "automountServiceAccountToken": false,
    "securityContext": [
        "sysctls": [["name": "net.ipv4.tcp_syncookies", "value": "1"]], "seLinuxOptions": ["type": ""],
    ],
    "schedulerName": "x",
]

private let full = """
    registry: harbor.example/fl
    registryMirrors: {ghcr.io: harbor.example/ghcr}
    imagePullSecrets: [{name: a}]
    allowImages: [ghcr.io/iflytek/, harbor.example/]
    resources: {requests: {cpu: 1, memory: 1Gi}, limits: {nvidia.com/gpu: 1}}
    nodeSelector: {a: c, d: e}
    tolerations: [{key: t, operator: Exists}]
    runtimeClassName: nvidia
    shmSize: 1Gi
    data: [{path: /data, existingClaim: claim}]
    env: [{name: A, value: x}, {name: B, value: z}]
    labels: {l: m}
    podSecurity: baseline
    hostAliases: {host: 10.0.0.9}
    """

/// What JSON can put where something else is expected.
private let oddities: [Value] = [
    nil, true, false, 0, -1, 1.5, .double(1e300), "", "x", "\u{0}", [], [nil], [[]], [[:]], ["a"], [1], [[nil]], [:],
    ["a": nil], ["": [:]], ["name": []], ["path": "/etc"], ["secretRef": [:]], ["type": "Unconfined"], "/etc/shadow",
    "evil.org/x",
]

/// The values that result from putting an oddity at every place in turn.
private func mutants(of value: Value, with oddity: Value) -> [Value] {
    var found = [oddity]
    switch value {
    case .mapping(let mapping):
        for (key, inner) in mapping {
            found += mutants(of: inner, with: oddity).map { mutant in
                var changed = mapping
                changed[key] = mutant
                return .mapping(changed)
            }
        }
    case .array(let elements):
        for index in elements.indices {
            found += mutants(of: elements[index], with: oddity).map { mutant in
                var changed = elements
                changed[index] = mutant
                return .array(changed)
            }
        }
    default: break
    }
    return found
}

@Suite struct `Hostile templates` {
    @Test func `are none where nothing is wrong`() throws {
        let draft = try shaped(full, rich, address: "10.0.0.9")
        #expect(draft.spec["volumes"]?[0]?["hostPath"] == nil)
    }

    @Test(arguments: oddities)
    func `neither crash the operator nor get past it`(_ oddity: Value) throws {
        let allowed = ["ghcr.io/iflytek/", "harbor.example/"].compactMap(ImagePrefix.init)
        let policy = try policy(full)
        var kept = 0
        for mutant in mutants(of: rich, with: oddity) {
            guard let draft = try? shaped(policy, mutant, address: "10.0.0.9") else { continue }
            kept += 1
            let spec = draft.spec
            for list in ["containers", "initContainers"] {
                for container in spec[list]?.array ?? [] {
                    let name = container["image"]?.string.flatMap(ImageName.init)
                    #expect(name.map { image in allowed.contains { $0.covers(image) } } == true)
                    #expect(container["securityContext"]?["privileged"] ?? false == false)
                    let sources = (container["env"]?.array ?? []).flatMap { $0["valueFrom"]?.mapping?.keys ?? [] }
                    #expect(Set(sources).isSubset(of: ["fieldRef"]))
                    let all = (container["envFrom"]?.array ?? []).flatMap { $0.mapping?.keys ?? [] }
                    #expect(Set(all).isSubset(of: ["configMapRef"]))
                }
            }
            for volume in spec["volumes"]?.array ?? [] {
                let sources = volume.mapping?.keys.filter { $0 != "name" } ?? []
                #expect(Set(sources).isSubset(of: ["emptyDir", "projected", "persistentVolumeClaim"]))
                if let claim = volume["persistentVolumeClaim"] {
                    #expect(claim == ["claimName": "claim", "readOnly": true])
                }
            }
            #expect(["hostNetwork", "hostPID", "hostIPC"].allSatisfy { spec[$0] ?? false == false })
            #expect(["", "default"].contains(spec["serviceAccountName"]?.string ?? ""))
        }
        // Odd values of fields that no rule is about are the API server's to judge.
        #expect(kept > 0)
    }

    @Test(arguments: oddities)
    func `do not crash a policy that asks for nothing`(_ oddity: Value) throws {
        for mutant in mutants(of: rich, with: oddity) {
            let draft = try? shaped(JobPolicy(), mutant)
            #expect(draft?.told.isEmpty ?? true)
        }
    }

    @Test func `may be nested as deeply as the reader lets them`() throws {
        var deep: Value = [:]
        for _ in 0..<500 { deep = ["a": [deep, nil]] }
        let draft = try shaped(
            full,
            flowSpec {
                $0["affinity"] = deep; $0["volumes"] = []
            })
        #expect(draft.spec["affinity"] != nil)
    }
}
