// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Diagnostics
import Testing
import Values

@Suite struct `Formats` {
    private func isGood(_ lines: String) -> Bool {
        !problems("name: a\nnamespace: b\nrole: server\n\(lines)\n").contains { $0.contains(": error: ") }
    }

    @Test(arguments: [
        "1", "0.5", ".5", "100m", "1Gi", "1.5Gi", "2k", "1e3", "1E3", "5e-1", "+1", "16Mi", "3T", "1Ei",
    ]) func `quantities`(_ text: String) { #expect(isGood("operator: {resources: {limits: {memory: \(text)}}}")) }

    @Test(arguments: [
        "1GB", "1 Gi", "1gi", "one", "1.2.3", "1e99", "''", "Gi", "1_000", "0x10", "99999999999999999999", "10Ei", "-",
        "1K",
    ]) func `no quantities`(_ text: String) { #expect(!isGood("operator: {resources: {limits: {memory: \(text)}}}")) }

    @Test(arguments: ["0", "-1Gi", "0Gi", "0.0"]) func `no storage sizes`(_ text: String) {
        #expect(!isGood("mysql: {size: \(text)}"))
    }

    @Test(arguments: ["6h", "30s", "1h30m", "500ms", "7d"]) func `durations`(_ text: String) {
        #expect(isGood("ingress-nginx: {workerShutdownTimeout: \(text)}"))
    }

    @Test(arguments: ["6", "h", "6 h", "-6h", "1h30", "6hours", "99999999999h"]) func `no durations`(_ text: String) {
        #expect(!isGood("ingress-nginx: {workerShutdownTimeout: \(text)}"))
    }

    @Test(arguments: [
        "::1", "2001:db8::1", "fe80::1:2:3", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "10.0.0.1", "255.255.255.255",
    ])
    func `addresses`(_ text: String) { #expect(isGood("flow-server: {type: LoadBalancer, loadBalancerIP: '\(text)'}")) }

    @Test(arguments: [
        "1.2.3", "1.2.3.256", "1.2.3.04", "1:2:3", ":::", "1::2::3", "1:2:3:4:5:6:7:8:9", "g::1", "12345::",
        "fe80::1%eth0", "a.example",
        "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "+1.2.3.4",
    ]) func `no addresses`(_ text: String) {
        #expect(!isGood("flow-server: {type: LoadBalancer, loadBalancerIP: '\(text)'}"))
    }

    @Test(arguments: ["10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "::/0"]) func `ranges`(_ text: String) {
        #expect(isGood("flow-server: {type: LoadBalancer, loadBalancerSourceRanges: ['\(text)']}"))
    }

    @Test(arguments: ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "::/129", "a/8", "1.2.3.4/+8"])
    func `no ranges`(_ text: String) {
        #expect(!isGood("flow-server: {type: LoadBalancer, loadBalancerSourceRanges: ['\(text)']}"))
    }

    @Test(arguments: ["a:1", "fl.example:32235", "10.0.0.1:80", "[::1]:443", "a.svc.cluster.local:1235"])
    func `host and port`(_ text: String) throws {
        #expect(
            try federatePlan("flow-federate:\n  serverAddress: '\(text)'\n").block(of: .flowFederate)["serverAddress"]?
                .string == text)
    }

    @Test(arguments: [
        "a", "a:", "a:0", "a:70000", ":80", "http://a:80", "a b:1", "::1:443", "[::1]", "[x]:1", "a/b:1", "1.2.3:80",
        "a:1:2",
    ])
    func `no host and port`(_ text: String) {
        #expect(throws: PlanError.self) { try federatePlan("flow-federate:\n  serverAddress: '\(text)'\n") }
    }

    @Test(arguments: [
        "https://harbor.example", "harbor.example/", "/x", "harbor example", "harbor.example:port/x",
        "harbor.example//x", "Harbor.example/X",
    ]) func `registries`(_ text: String) {
        // A slash at the end is what KubeFATE needs, and does no harm.
        #expect(isGood("registry: '\(text)'") == (text == "harbor.example/"))
    }
}
