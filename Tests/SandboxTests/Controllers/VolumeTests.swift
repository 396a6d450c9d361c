// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct VolumeTests {
    private static func claim(_ name: String = "data", storageClass: Value? = nil, size: Value = "1Gi") -> Value {
        var object: Value = [
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": .string(name)],
            "spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": size]]],
        ]
        if let storageClass { object.set(storageClass, at: ["spec", "storageClassName"]) }
        return object
    }

    private static func volume(_ name: String, size: Value, storageClass: Value = "") -> Value {
        [
            "apiVersion": "v1", "kind": "PersistentVolume", "metadata": ["name": .string(name)],
            "spec": [
                "capacity": ["storage": size], "accessModes": ["ReadWriteOnce"], "storageClassName": storageClass,
                "persistentVolumeReclaimPolicy": "Retain", "hostPath": ["path": "/data"],
            ],
        ]
    }

    private static let user = KubeletTests.pod(spec: [
        "volumes": [["name": "v", "persistentVolumeClaim": ["claimName": "data"]]]
    ])

    @Test func `a claim of the default class is bound once a pod uses it`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.claim())
            await cluster.pass(.seconds(60))
            var claim = try #require(cluster.object(.persistentVolumeClaims, "data"))
            #expect(claim.status.phase.text == "Pending")
            #expect(claim.spec.storageClassName.text == "standard")
            #expect(
                cluster.events(of: claim)
                    == ["WaitForFirstConsumer: waiting for first consumer to be created before binding"])
            try cluster.create(Self.user)
            await cluster.pass(.seconds(5))
            claim = try #require(cluster.object(.persistentVolumeClaims, "data"))
            #expect(claim.status.phase.text == "Bound")
            #expect(claim.status.capacity.storage.text == "1Gi")
            #expect(cluster.object(.persistentVolumes, claim.spec.volumeName.text)?.status.phase.text == "Bound")
            #expect(cluster.object(.pods, "p").map { PodSummary($0).status } == "Running")
        }
    }

    @Test func `a claim of an unknown class stays Pending and says why`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.claim(storageClass: "gold"))
            try cluster.create(Self.user)
            await cluster.pass(.seconds(60))
            let claim = try #require(cluster.object(.persistentVolumeClaims, "data"))
            #expect(claim.status.phase.text == "Pending")
            #expect(
                cluster.events(of: claim)
                    == ["ProvisioningFailed: storageclass.storage.k8s.io \"gold\" not found"])
            #expect(
                cluster.object(.pods, "p")?.condition("PodScheduled").message.text.contains(
                    "pod has unbound immediate PersistentVolumeClaims") == true)
        }
    }

    @Test func `an immediate class binds at once, a foreign provisioner never`() async throws {
        try await SimulatedCluster.run { cluster in
            for (name, provisioner) in [("fast", "sandbox.iflearnerctl.io/provisioner"), ("nfs", "example.org/nfs")] {
                try cluster.create([
                    "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
                    "metadata": ["name": .string(name)], "provisioner": .string(provisioner),
                    "volumeBindingMode": "Immediate",
                ])
                try cluster.create(Self.claim(name, storageClass: .string(name)))
            }
            await cluster.settle()
            #expect(cluster.object(.persistentVolumeClaims, "fast")?.status.phase.text == "Bound")
            #expect(cluster.object(.persistentVolumeClaims, "nfs")?.status.phase.text == "Pending")
        }
    }

    @Test func `a claim without a class takes the smallest volume that is large enough`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.volume("small", size: "500Mi"))
            try cluster.create(Self.volume("large", size: "10Gi"))
            try cluster.create(Self.volume("medium", size: "2Gi"))
            await cluster.settle()
            #expect(cluster.object(.persistentVolumes, "large")?.status.phase.text == "Available")
            try cluster.create(Self.claim(storageClass: ""))
            await cluster.settle()
            let claim = try #require(cluster.object(.persistentVolumeClaims, "data"))
            #expect(claim.spec.volumeName.text == "medium")
            #expect(claim.status.capacity.storage.text == "2Gi")
            try cluster.delete(ObjectKey(.persistentVolumeClaims, namespace: "default", name: "data"))
            await cluster.settle()
            #expect(cluster.object(.persistentVolumeClaims, "data") == nil)
            // Retained: the data is there, but nobody else gets it.
            #expect(cluster.object(.persistentVolumes, "medium")?.status.phase.text == "Released")
        }
    }

    @Test func `a claim in use outlives its deletion, and its volume goes with it`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.claim())
            try cluster.create(Self.user)
            await cluster.pass(.seconds(5))
            let volume = try #require(cluster.object(.persistentVolumeClaims, "data")?.spec.volumeName.text)
            try cluster.delete(ObjectKey(.persistentVolumeClaims, namespace: "default", name: "data"))
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.persistentVolumeClaims, "data")?.isTerminating == true)
            try cluster.delete(ObjectKey(.pods, namespace: "default", name: "p"))
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.persistentVolumeClaims, "data") == nil)
            #expect(cluster.object(.persistentVolumes, volume) == nil)
        }
    }
}
