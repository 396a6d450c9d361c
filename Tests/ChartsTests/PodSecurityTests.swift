// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Testing
import Values

/// The Pod Security Standards, as far as the charts can meet them by themselves.
@Suite struct `Pod security` {
    static let levels = ["privileged", "baseline", "restricted", "openshift"]

    private func pods(_ level: String, minor: Int = 36) throws -> [RenderedObject] {
        let server = try Plans.server("podSecurity: \(level)\nmysql: {backup: {enabled: true, beforeUpgrade: true}}\n")
        let federate = try Plans.federate("podSecurity: \(level)\njobs: {namespace: fl}\n")
        let relay = try Plans.relayed("podSecurity: \(level)\n", "proxySecret: login")
        return try [server, federate, relay].flatMap { plan in
            let rendering = try Rendering(plan, minor: minor)
            return (rendering.objects + rendering.hooks).filter { $0.podSpec != nil }
        }
    }

    @Test(arguments: [18, 19, 36]) func `restricted pods meet the standard`(_ minor: Int) throws {
        for pod in try pods("restricted", minor: minor) {
            let context = pod.podSpec?["securityContext"]
            #expect(context?["runAsNonRoot"] == true, "\(pod)")
            #expect((context?["runAsUser"]?.int ?? 0) > 0, "\(pod)")
            // The field came with 1.19.
            #expect(context?[path: "seccompProfile", "type"] == (minor < 19 ? nil : "RuntimeDefault"), "\(pod)")
            for container in pod.containers {
                let own = container["securityContext"]
                #expect(own?["allowPrivilegeEscalation"] == false, "\(pod)")
                #expect(own?[path: "capabilities", "drop"] == ["ALL"], "\(pod)")
                let added = own?[path: "capabilities", "add"]?.strings ?? []
                #expect(Set(added).isSubset(of: ["NET_BIND_SERVICE"]), "\(pod)")
                for port in container["ports"]?.array ?? [] { #expect(port["hostPort"] == nil, "\(pod)") }
            }
            for volume in pod.podSpec?["volumes"]?.array ?? [] {
                let kinds = Set(volume.mapping?.keys ?? []).subtracting(["name"])
                #expect(kinds.isSubset(of: ["configMap", "secret", "emptyDir", "persistentVolumeClaim"]), "\(pod)")
            }
        }
    }

    @Test func `baseline pods have no more than a baseline namespace admits`() throws {
        let admitted: Set = [
            "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
            "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
        ]
        let hostPath = try Rendering(try Plans.server("mysql: {hostPath: /data}\n")).objects
        for pod in try pods("baseline") + hostPath where pod.podSpec != nil {
            for container in pod.containers {
                let add = container[path: "securityContext", "capabilities", "add"]?.strings ?? []
                #expect(Set(add).isSubset(of: admitted), "\(pod)")
                for port in container["ports"]?.array ?? [] { #expect(port["hostPort"] == nil, "\(pod)") }
            }
            for volume in pod.podSpec?["volumes"]?.array ?? [] { #expect(volume["hostPath"] == nil, "\(pod)") }
        }
    }

    @Test func `openshift sets no user and no group`() throws {
        for pod in try pods("openshift") {
            let context = pod.podSpec?["securityContext"]?.mapping ?? [:]
            #expect(Set(context.keys) == ["runAsNonRoot"], "\(pod)")
            for container in pod.containers {
                #expect(container[path: "securityContext", "runAsUser"] == nil, "\(pod)")
                #expect(container[path: "securityContext", "allowPrivilegeEscalation"] == false, "\(pod)")
            }
        }
    }

    @Test func `privileged leaves containers to their runtime`() throws {
        for pod in try pods("privileged") {
            for container in pod.containers { #expect(container["securityContext"] == nil, "\(pod)") }
        }
    }

    @Test(arguments: [("privileged", true), ("baseline", true), ("restricted", false), ("openshift", false)])
    func `mysql takes a hostPath over as root where it may`(_ level: String, _ startsAsRoot: Bool) throws {
        let rendering = try Rendering(try Plans.server("podSecurity: \(level)\nmysql: {hostPath: /data}\n"))
        let mysql = try #require(rendering("StatefulSet", "mysql"))
        #expect((mysql.podSpec?[path: "securityContext", "runAsNonRoot"] == nil) == startsAsRoot)
    }

    @Test func `a module's own context is merged over`() throws {
        let plan = try Plans.server(
            "flow-server: {values: {podSecurityContext: {runAsUser: 1}, securityContext: {readOnlyRootFilesystem: true}}}\n"
        )
        let pod = try #require(try Rendering(plan)("Deployment", "flow-server"))
        #expect(pod.podSpec?[path: "securityContext", "runAsUser"] == 1)
        #expect(pod.podSpec?[path: "securityContext", "seccompProfile", "type"] == "RuntimeDefault")
        #expect(pod.containers.first?[path: "securityContext", "readOnlyRootFilesystem"] == true)
        #expect(pod.containers.first?[path: "securityContext", "allowPrivilegeEscalation"] == false)
    }
}
