// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import JobOperator
import Testing
import Values

/// What leads a task out of its pod, and the reason it is refused for.
private struct Escape: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let reason: JobRefusal.Reason
    let change: @Sendable (inout Value) -> Void

    init(_ name: String, _ reason: JobRefusal.Reason, _ change: @escaping @Sendable (inout Value) -> Void) {
        (testDescription, self.reason, self.change) = (name, reason, change)
    }

    static func inTrainer(_ path: [String], _ value: Value, _ reason: JobRefusal.Reason) -> Escape {
        Escape("\(path.joined(separator: "."))=\(value.jsonString())", reason) { spec in
            spec.changeTrainer { $0.set(value, at: path) }
        }
    }

    static func inPod(_ path: [String], _ value: Value, _ reason: JobRefusal.Reason) -> Escape {
        Escape("\(path.joined(separator: "."))=\(value.jsonString())", reason) { $0.set(value, at: path) }
    }

    /// Refused at `baseline`, and for every task that is confined.
    static let baseline: [Escape] = [
        inPod(["hostNetwork"], true, .podSecurityNotAllowed), inPod(["hostPID"], true, .podSecurityNotAllowed),
        inPod(["hostIPC"], true, .podSecurityNotAllowed), inPod(["hostNetwork"], "true", .podSecurityNotAllowed),
        inPod(["hostPID"], 1, .podSecurityNotAllowed),
        inPod(["securityContext", "seccompProfile"], ["type": "Unconfined"], .podSecurityNotAllowed),
        inPod(["securityContext", "appArmorProfile"], ["type": "Unconfined"], .podSecurityNotAllowed),
        inPod(["securityContext", "seLinuxOptions"], ["type": "spc_t"], .podSecurityNotAllowed),
        inPod(["securityContext", "seLinuxOptions"], ["user": "system_u"], .podSecurityNotAllowed),
        inPod(["securityContext", "seLinuxOptions"], ["type": 3], .podSecurityNotAllowed),
        inPod(["securityContext", "windowsOptions"], ["hostProcess": true], .podSecurityNotAllowed),
        inPod(["securityContext", "sysctls"], [["name": "kernel.msgmax", "value": "1"]], .podSecurityNotAllowed),
        inTrainer(["securityContext", "privileged"], true, .podSecurityNotAllowed),
        inTrainer(["securityContext", "privileged"], "yes", .podSecurityNotAllowed),
        inTrainer(["securityContext", "procMount"], "Unmasked", .podSecurityNotAllowed),
        inTrainer(["securityContext", "capabilities"], ["add": ["SYS_ADMIN"]], .podSecurityNotAllowed),
        inTrainer(["securityContext", "capabilities"], ["add": ["CHOWN", "ALL"]], .podSecurityNotAllowed),
        inTrainer(["securityContext", "seccompProfile"], ["type": "Unconfined"], .podSecurityNotAllowed),
        inTrainer(["ports"], [["containerPort": 80], ["containerPort": 81, "hostPort": 81]], .podSecurityNotAllowed),
        inTrainer(["livenessProbe"], ["httpGet": ["host": "169.254.169.254", "port": 80]], .podSecurityNotAllowed),
        inTrainer(["startupProbe"], ["tcpSocket": ["host": "10.0.0.1", "port": 80]], .podSecurityNotAllowed),
        inTrainer(
            ["lifecycle", "postStart"], ["httpGet": ["host": "kubernetes.default", "port": 443]], .podSecurityNotAllowed
        ),
    ]

    /// Refused besides for tasks that are confined.
    static let confined: [Escape] = [
        inPod(["runtimeClassName"], "nvidia", .podSecurityNotAllowed),
        inPod(["serviceAccountName"], "flow-server", .serviceAccountNotAllowed),
        inPod(["serviceAccount"], "flow-server", .serviceAccountNotAllowed),
        inPod(["automountServiceAccountToken"], true, .serviceAccountNotAllowed),
        inPod(["ephemeralContainers"], [["name": "x", "image": "evil.org/x"]], .invalidSpec),
        inPod(["volumes"], [["name": "s", "secret": ["secretName": "mysql-auth"]]], .secretNotAllowed),
        inPod(
            ["volumes"], [["name": "s", "projected": ["sources": [["secret": ["name": "mysql-auth"]]]]]],
            .secretNotAllowed),
        inPod(
            ["volumes"], [["name": "s", "projected": ["sources": [["serviceAccountToken": ["path": "token"]]]]]],
            .secretNotAllowed),
        inTrainer(
            ["env"], [["name": "A", "valueFrom": ["secretKeyRef": ["name": "mysql-auth", "key": "password"]]]],
            .secretNotAllowed),
        inTrainer(["envFrom"], [["secretRef": ["name": "mysql-auth"]]], .secretNotAllowed),
    ]

    /// Refused besides at `restricted` and `openshift`.
    static let restricted: [Escape] = [
        inPod(["securityContext", "runAsNonRoot"], false, .podSecurityNotAllowed),
        inPod(["securityContext", "runAsUser"], 0, .podSecurityNotAllowed),
        inPod(["securityContext", "runAsUser"], "root", .podSecurityNotAllowed),
        inTrainer(["securityContext", "runAsUser"], 0, .podSecurityNotAllowed),
        inTrainer(["securityContext", "runAsNonRoot"], false, .podSecurityNotAllowed),
        inTrainer(["securityContext", "allowPrivilegeEscalation"], true, .podSecurityNotAllowed),
        inTrainer(["securityContext", "capabilities"], ["add": ["CHOWN"]], .podSecurityNotAllowed),
    ]
}

@Suite struct `A task stays in its pod` {
    private func harmless(_ change: (inout Value) -> Void) -> Value {
        var spec = flowSpec { $0["volumes"] = [] }
        change(&spec)
        return spec
    }

    @Test(arguments: Escape.baseline + Escape.confined, ["data: []", "allowImages: [ghcr.io/]"])
    fileprivate func `where images or data are limited`(_ escape: Escape, _ policy: String) throws {
        let refused = try #require(try refusal(policy, harmless(escape.change)))
        #expect(refused.reason == escape.reason, "\(refused.message)")
        #expect(refused.reason == .invalidSpec || refused.message.contains("jobs.allowImages or jobs.data of the plan"))
    }

    @Test(arguments: Escape.confined)
    fileprivate func `in init containers too`(_ escape: Escape) throws {
        let moved = harmless { spec in
            escape.change(&spec)
            guard let trainer = spec["containers"]?[0] else { return }
            spec["initContainers"] = [trainer]
            spec["containers"] = flowSpec()["containers"]
        }
        #expect(try refusal("data: []", moved)?.reason == escape.reason)
    }

    @Test(arguments: Escape.baseline, ["baseline", "restricted", "openshift"])
    fileprivate func `as far as the level of podSecurity says`(_ escape: Escape, _ level: String) throws {
        let refused = try #require(try refusal("podSecurity: \(level)", harmless(escape.change)))
        #expect(refused.reason == .podSecurityNotAllowed)
        #expect(refused.message.hasSuffix("at podSecurity: \(level) of the plan"))
    }

    @Test(arguments: Escape.restricted, ["restricted", "openshift"])
    fileprivate func `and not as root where it must not`(_ escape: Escape, _ level: String) throws {
        #expect(try refusal("podSecurity: \(level)", harmless(escape.change))?.reason == .podSecurityNotAllowed)
        #expect(try refusal("podSecurity: baseline\ndata: []", harmless(escape.change)) == nil)
    }

    @Test(arguments: Escape.baseline + Escape.confined, ["{}", "shmSize: 1Gi", "podSecurity: privileged"])
    fileprivate func `only where the policy asks for it`(_ escape: Escape, _ policy: String) throws {
        let refused = try refusal(policy, harmless(escape.change))
        // What is of the wrong type is the API server's to refuse.
        #expect(refused == nil)
    }

    @Test(arguments: [
        ["hostNetwork"], ["serviceAccountName"], ["securityContext"], ["volumes"], ["automountServiceAccountToken"],
        ["initContainers"], ["hostPID"],
    ])
    func `and null is nothing`(_ path: [String]) throws {
        #expect(try refusal("data: []", harmless { $0.set(.null, at: path) }) == nil)
    }

    @Test func `without credentials of the API server`() throws {
        for policy in ["data: []", "allowImages: [ghcr.io/]", "podSecurity: baseline", "podSecurity: openshift"] {
            let draft = try shaped(policy, harmless { _ in })
            #expect(draft.spec["automountServiceAccountToken"] == false)
            #expect(draft.told.contains("automountServiceAccountToken: false"))
        }
        let own = try shaped("podSecurity: baseline", harmless { $0["automountServiceAccountToken"] = true })
        #expect(own.spec["automountServiceAccountToken"] == true)
        #expect(try shaped("podSecurity: privileged", harmless { _ in }).spec["automountServiceAccountToken"] == nil)
        #expect(try refusal("data: []", harmless { $0["serviceAccountName"] = "default" }) == nil)
    }

    @Test func `with the runtime of the policy`() throws {
        let policy = "data: []\nruntimeClassName: nvidia"
        #expect(try refusal(policy, harmless { $0["runtimeClassName"] = "nvidia" }) == nil)
        #expect(try refusal(policy, harmless { $0["runtimeClassName"] = "runc" })?.reason == .podSecurityNotAllowed)
        #expect(try shaped(policy, harmless { _ in }).spec["runtimeClassName"] == "nvidia")
    }

    @Test func `which no label or annotation changes`() throws {
        let labels = ["app": "job", "app.kubernetes.io/name": "mysql", "team": "theirs"]
        let annotations = ["k8s.v1.cni.cncf.io/networks": "storage", "note": "x"]
        let confined = try shaped(
            "data: []\nlabels: {team: ours}", harmless { _ in }, labels: labels, annotations: annotations)
        #expect(confined.labels == ["app": "job", "team": "ours"])
        #expect(Array(confined.annotations.keys) == [JobPolicy.changesAnnotation])
        #expect(
            confined.told.filter { $0.contains("left out") } == [
                "label app.kubernetes.io/name=mysql: left out", "annotation k8s.v1.cni.cncf.io/networks: left out",
                "annotation note: left out",
            ])
        let trusted = try shaped("labels: {team: ours, tier: x}", labels: labels, annotations: annotations)
        #expect(trusted.labels == labels.merging(["tier": "x"]) { $1 })
        #expect(trusted.annotations["note"] == "x")
        let profile = ["container.apparmor.security.beta.kubernetes.io/trainer": "unconfined"]
        #expect(throws: JobRefusal.self) { try shaped("podSecurity: baseline", annotations: profile) }
    }
}
