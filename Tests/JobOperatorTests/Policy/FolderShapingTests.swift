// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import JobOperator
import Testing
import Values

@Suite struct `Folders of training pods` {
    private static let policy = """
        data:
        - {path: /data/lung-ct, existingClaim: lung-ct-training}
        - {path: /data/results, existingClaim: results, readOnly: false}
        """

    private func spec(_ volume: Value) -> Value { flowSpec { $0["volumes"] = [volume] } }

    @Test(arguments: ["/data/lung-ct", "/data/lung-ct/", "/data//lung-ct", "/data/./lung-ct/."])
    func `become claims, read-only in the volume and in every mount`(_ path: String) throws {
        let draft = try shaped(
            Self.policy,
            flowSpec { spec in
                spec["volumes"] = [["name": "data", "hostPath": ["path": .string(path), "type": "Directory"]]]
                spec["initContainers"] = [
                    [
                        "name": "prepare", "image": "x",
                        "volumeMounts": [
                            ["name": "data", "mountPath": "/in", "readOnly": false, "subPath": "a"],
                            ["name": "data", "mountPath": "/b"], ["name": "other", "mountPath": "/c"],
                        ],
                    ]
                ]
            })
        #expect(
            draft.spec["volumes"] == [
                ["name": "data", "persistentVolumeClaim": ["claimName": "lung-ct-training", "readOnly": true]]
            ])
        #expect(draft.trainer?["volumeMounts"] == [["name": "data", "mountPath": "/data", "readOnly": true]])
        #expect(
            draft.spec["initContainers"]?[0]?["volumeMounts"] == [
                ["name": "data", "mountPath": "/in", "readOnly": true, "subPath": "a"],
                ["name": "data", "mountPath": "/b", "readOnly": true], ["name": "other", "mountPath": "/c"],
            ])
        #expect(draft.told.contains("volume 'data': folder /data/lung-ct -> claim lung-ct-training, read-only"))
    }

    @Test func `may be written to where the policy says so`() throws {
        let draft = try shaped(Self.policy, spec(["name": "data", "hostPath": ["path": "/data/results"]]))
        #expect(draft.spec["volumes"] == [["name": "data", "persistentVolumeClaim": ["claimName": "results"]]])
        #expect(draft.trainer?["volumeMounts"] == [["name": "data", "mountPath": "/data"]])
    }

    @Test(arguments: [
        "/", "", "/etc", "/data", "/data/lung-ct/sub", "/data/lung-ct2", "/data/lung-ct/../../etc", "data/lung-ct",
        "/Data/lung-ct", "/data/lung-ct\u{0}", "//etc", "/data/lung-ct/..", "/proc/1/root",
    ])
    func `that are not listed are refused`(_ path: String) throws {
        let refused = try #require(
            try refusal(Self.policy, spec(["name": "data", "hostPath": ["path": .string(path)]])))
        #expect(refused.reason == .dataNotAllowed)
        #expect(refused.message.hasPrefix("volume 'data': folder '"))
        #expect(refused.message.contains("jobs.data"))
        #expect(!refused.message.contains("\u{0}"))
    }

    @Test(
        arguments: [
            ["emptyDir": [:]], ["configMap": ["name": "server-iflearner-crt"]], ["downwardAPI": ["items": []]], [:],
            [
                "projected": [
                    "sources": [["configMap": ["name": "a"]], ["downwardAPI": [:]], ["clusterTrustBundle": [:]]]
                ]
            ],
        ] as [Value])
    func `of the pod's own are no data`(_ source: Value) throws {
        var volume = source
        volume["name"] = "v"
        let draft = try shaped(Self.policy, spec(volume))
        #expect(draft.spec["volumes"] == [volume])
    }

    @Test(arguments: [
        "nfs", "iscsi", "csi", "ephemeral", "gitRepo", "cephfs", "rbd", "glusterfs", "fc", "flexVolume", "azureDisk",
        "image",
        "somethingNew", "local",
    ])
    func `of other sources are refused`(_ source: String) throws {
        let refused = try #require(
            try refusal(Self.policy, spec(["name": "v", .init(source): ["server": "10.0.0.1", "path": "/"]])))
        #expect(refused.reason == .dataNotAllowed)
        #expect(refused.message.contains("'\(source)'"))
    }

    @Test func `are claims of the list, as the list has them`() throws {
        func claim(_ name: Value, readOnly: Value? = nil) -> Value {
            var claim: Value = ["claimName": name]
            claim["readOnly"] = readOnly
            return spec(["name": "data", "persistentVolumeClaim": claim])
        }
        let draft = try shaped(Self.policy, claim("lung-ct-training", readOnly: false))
        #expect(draft.spec["volumes"]?[0]?["persistentVolumeClaim"]?["readOnly"] == true)
        #expect(draft.trainer?["volumeMounts"]?[0]?["readOnly"] == true)
        #expect(draft.told.contains("volume 'data': claim -> claim lung-ct-training, read-only"))
        // Who asks for less gets less.
        let careful = try shaped(Self.policy, claim("results", readOnly: true))
        #expect(careful.spec["volumes"]?[0]?["persistentVolumeClaim"] == ["claimName": "results", "readOnly": true])
        #expect(try refusal(Self.policy, claim("mysql"))?.reason == .dataNotAllowed)
    }

    @Test func `have one source`() throws {
        let two = spec([
            "name": "data", "hostPath": ["path": "/data/lung-ct"], "nfs": ["server": "10.0.0.1", "path": "/"],
        ])
        #expect(try refusal(Self.policy, two)?.reason == .invalidSpec)
    }

    @Test func `are all refused where the list is empty, and all mounted where there is none`() throws {
        #expect(try refusal("data: []", flowSpec())?.reason == .dataNotAllowed)
        let draft = try shaped("shmSize: 1Gi")
        #expect(draft.spec["volumes"]?[0] == flowSpec()["volumes"]?[0])
    }
}
