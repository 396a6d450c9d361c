// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import JobOperator
import Testing
import Values

@Suite struct `Images of training pods` {
    private func spec(image: Value?) -> Value {
        flowSpec { spec in spec.changeTrainer { $0["image"] = image } }
    }

    @Test func `are pulled from mirrors, which is told`() throws {
        let draft = try shaped(
            "registryMirrors: {ghcr.io: harbor.klinik.local/ghcr}\nimagePullSecrets: [{name: harbor-pull}]",
            flowSpec { $0["initContainers"] = [["name": "prepare", "image": "python:3.9"]] })
        #expect(draft.trainer?["image"] == "harbor.klinik.local/ghcr/iflytek/iflearner:v0.1.0")
        #expect(draft.spec["initContainers"]?[0]?["image"] == "python:3.9")
        #expect(draft.spec["imagePullSecrets"] == [["name": "harbor-pull"]])
        #expect(
            draft.told == [
                "image of container 'trainer': ghcr.io/iflytek/iflearner:v0.1.0 -> "
                    + "harbor.klinik.local/ghcr/iflytek/iflearner:v0.1.0",
                "imagePullSecrets: added harbor-pull",
            ])
    }

    @Test func `pull with the task's own Secrets too, each once`() throws {
        let draft = try shaped(
            "imagePullSecrets: [{name: a}, {name: b}]",
            flowSpec { $0["imagePullSecrets"] = [["name": "b"], ["name": "c"]] })
        #expect(draft.spec["imagePullSecrets"] == [["name": "b"], ["name": "c"], ["name": "a"]])
    }

    private static let policy = """
        registryMirrors: {ghcr.io: harbor.klinik.local/ghcr}
        allowImages: [harbor.klinik.local/, iflytek/, ghcr.io/iflytek, python]
        """

    @Test(arguments: [
        "ghcr.io/iflytek/iflearner:v0.1.0", "harbor.klinik.local/fl/x", "iflytek/x",
        "docker.io/iflytek/x:1", "python:3.9", "docker.io/library/python", "GHCR.io/iflytek/x",
    ])
    func `are allowed by the name in the task`(_ image: String) throws {
        #expect(try refusal(Self.policy, spec(image: .string(image))) == nil)
    }

    @Test(arguments: [
        "quay.io/a/b", "ghcr.io/other/x", "iflytek-evil/x", "harbor.klinik.local.evil.org/x",
        "evil.org/ghcr.io/iflytek/x",
        "ghcr.io/iflytek/../evil/x", "user@ghcr.io/iflytek/x", "ghcr.io/iflytek/X", "docker.io/evil/python", "pythonic",
        "python/evil", "harbor.klinik.local:5000/x", "", "\u{1B}[2J", "ghcr.io/iflytek/x@sha256:00",
    ])
    func `are refused in all their disguises`(_ image: String) throws {
        let refused = try #require(try refusal(Self.policy, spec(image: .string(image))))
        #expect(refused.reason == .imageNotAllowed)
        #expect(refused.message.hasPrefix("container 'trainer': "))
        #expect(refused.message.contains("jobs.allowImages"))
        #expect(!refused.message.contains("\u{1B}"))
    }

    @Test func `are allowed as the copies that they are`() throws {
        let policy = "registryMirrors: {ghcr.io: harbor.klinik.local/ghcr}\nallowImages: [ghcr.io/iflytek/]"
        #expect(try refusal(policy, spec(image: "harbor.klinik.local/ghcr/iflytek/iflearner:v0.1.0")) == nil)
        #expect(try refusal(policy, spec(image: "harbor.klinik.local/ghcr/evil/x")) != nil)
        #expect(try refusal(policy, spec(image: "harbor.klinik.local/iflytek/x")) != nil)
    }

    @Test func `are not allowed by what a registry makes of everything`() throws {
        let policy = "registry: harbor.klinik.local/fl\nallowImages: [harbor.klinik.local/]"
        #expect(try refusal(policy, spec(image: "evil/x")) != nil)
        #expect(try refusal(policy, spec(image: "harbor.klinik.local/fl/x")) == nil)
    }

    @Test func `are refused with the key that would allow them`() throws {
        #expect(
            try refusal("allowImages: [harbor.klinik.local/]", spec(image: "evil/x:1"))?.message
                == "container 'trainer': image 'evil/x:1' is not one that tasks may name; to allow it, add "
                + "'docker.io/evil/' to jobs.allowImages of the plan")
    }

    @Test func `are refused for a container that names none`() throws {
        #expect(try refusal("allowImages: [a.b/]", spec(image: nil))?.reason == .imageNotAllowed)
        #expect(try refusal("allowImages: []", flowSpec())?.reason == .imageNotAllowed)
    }

    @Test(arguments: ["initContainers", "containers"])
    func `of every container count`(_ list: String) throws {
        let spec = flowSpec { spec in
            spec[list] = .array((spec[list]?.array ?? []) + [["name": "other", "image": "evil.org/x"]])
        }
        let refused = try #require(try refusal(Self.policy, spec))
        #expect(refused.reason == .imageNotAllowed)
        #expect(refused.message.contains("'other'"))
    }

    @Test func `that are mounted are images too`() throws {
        func spec(_ image: Value) -> Value {
            flowSpec { $0["volumes"] = [["name": "v", "image": ["reference": image, "pullPolicy": "Always"]]] }
        }
        #expect(try refusal(Self.policy, spec("evil.org/x"))?.reason == .imageNotAllowed)
        let draft = try shaped(Self.policy, spec("ghcr.io/iflytek/model:1"))
        #expect(
            draft.spec["volumes"]?[0]?["image"] == [
                "reference": "harbor.klinik.local/ghcr/iflytek/model:1", "pullPolicy": "Always",
            ])
    }
}
