// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

/// Builds messages for the tests.
private struct Message {
    var bytes: [UInt8] = []

    private mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(value & 0x7F | 0x80))
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    func number(_ field: UInt64, _ value: Int64) -> Message {
        var copy = self
        copy.varint(field << 3)
        copy.varint(UInt64(bitPattern: value))
        return copy
    }

    func data(_ field: UInt64, _ data: [UInt8]) -> Message {
        var copy = self
        copy.varint(field << 3 | 2)
        copy.varint(UInt64(data.count))
        copy.bytes += data
        return copy
    }

    func text(_ field: UInt64, _ text: String) -> Message { data(field, Array(text.utf8)) }
    func message(_ field: UInt64, _ message: Message) -> Message { data(field, message.bytes) }

    /// The message in the envelope of a request.
    func enveloped(_ apiVersion: String, _ kind: String) -> [UInt8] {
        let envelope = Message().message(1, Message().text(1, apiVersion).text(2, kind)).message(2, self)
        return [0x6B, 0x38, 0x73, 0x00] + envelope.bytes
    }
}

@Suite struct ProtobufDecoderTests {
    private func metadata(_ name: String) -> Message {
        // As Go writes it: every field that is no pointer, zero or not, and an empty time.
        Message().text(1, name).text(2, "").text(3, "").text(4, "").text(5, "").text(6, "").number(7, 0).message(
            8, Message()
        )
        .message(11, Message().text(1, "a").text(2, "b"))
    }

    @Test func `a ConfigMap`() throws {
        let message = Message().message(1, metadata("c")).message(2, Message().text(1, "k").text(2, "v"))
            .message(3, Message().text(1, "b").data(2, [0xFF, 0]))
        let decoded = try ProtobufDecoder.decode(message.enveloped("v1", "ConfigMap"))
        #expect(
            decoded == [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "c", "labels": ["a": "b"]],
                "data": ["k": "v"], "binaryData": ["b": "/wA="],
            ])
    }

    @Test func `a Deployment with an embedded volume source, a port by name and a quantity`() throws {
        let port = Message().text(1, "web").number(2, 0).number(3, 80).text(4, "TCP").text(5, "")
        let limits = Message().text(1, "cpu").message(2, Message().text(1, "500m"))
        let probe = Message()
            .message(
                1,
                Message().message(
                    2, Message().text(1, "/").message(2, Message().number(1, 1).number(2, 0).text(3, "web")))
            )
            .number(2, 5)
        let container = Message().text(1, "c").text(2, "i").text(4, "x").text(4, "y").message(6, port)
            .message(8, Message().message(1, limits)).message(10, probe)
        let volume = Message().text(1, "v").message(2, Message().message(2, Message()))
        let spec = Message().message(1, volume).message(2, container).number(4, 30)
        let template = Message().message(1, metadata("")).message(2, spec)
        let deployment = Message().message(1, metadata("d"))
            .message(
                2,
                Message().number(1, 3).message(2, Message().message(1, Message().text(1, "a").text(2, "b"))).message(
                    3, template))
        let decoded = try ProtobufDecoder.decode(deployment.enveloped("apps/v1", "Deployment"))
        #expect(decoded[path: "spec", "replicas"] == 3)
        #expect(decoded[path: "spec", "selector", "matchLabels"] == ["a": "b"])
        let pod = try #require(decoded[path: "spec", "template", "spec"])
        #expect(pod["volumes"] == [["name": "v", "emptyDir": [:]]])
        #expect(pod["terminationGracePeriodSeconds"] == 30)
        #expect(
            pod["containers"] == [
                [
                    "name": "c", "image": "i", "args": ["x", "y"],
                    "ports": [["name": "web", "containerPort": 80, "protocol": "TCP"]],
                    "resources": ["limits": ["cpu": "500m"]],
                    "livenessProbe": ["httpGet": ["path": "/", "port": "web"], "initialDelaySeconds": 5],
                ]
            ])
    }

    @Test func `times, negative numbers and lists under keys`() throws {
        let lease = Message().message(1, metadata("l"))
            .message(
                2, Message().text(1, "me").number(2, -1).message(4, Message().number(1, 1_767_225_600).number(2, 5000)))
        let decoded = try ProtobufDecoder.decode(lease.enveloped("coordination.k8s.io/v1", "Lease"))
        #expect(decoded[path: "spec", "leaseDurationSeconds"] == -1)
        #expect(decoded[path: "spec", "renewTime"] == "2026-01-01T00:00:00.000005Z")
        let review = Message().message(1, Message())
            .message(
                2,
                Message().text(3, "u").message(
                    5, Message().text(1, "scopes").message(2, Message().text(1, "a").text(1, "b"))))
        let access = try ProtobufDecoder.decode(review.enveloped("authorization.k8s.io/v1", "SubjectAccessReview"))
        #expect(access[path: "spec", "extra"] == ["scopes": ["a", "b"]])
        let binding = Message().number(1, 0).data(2, [])
        #expect(throws: StatusError.self) { try ProtobufDecoder.decode(binding.enveloped("v1", "ConfigMap")) }
    }

    @Test(arguments: [
        [], Array("{}".utf8), [0x6B, 0x38, 0x73, 0x00, 0x0A],
        [0x6B, 0x38, 0x73, 0x00, 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        Message().enveloped("v1", "Nothing"), Message().enveloped("extensions/v1beta1", "Ingress"),
        Message().data(1, [0x0B]).enveloped("v1", "ConfigMap"),
        Message().message(1, Message().data(1, [0xFF])).enveloped("v1", "ConfigMap"),
    ])
    func `what is no message is refused`(body: [UInt8]) throws {
        let error = try #require(throws: StatusError.self) { try ProtobufDecoder.decode(body) }
        #expect(error.code == 400)
    }

    @Test func `random bytes never crash`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let message = Message().message(1, Message()).data(2, bytes)
            _ = try? ProtobufDecoder.decode(message.enveloped("apps/v1", "Deployment"))
        }
    }
}
