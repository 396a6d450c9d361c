// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Crypto
import Testing
import Values

/// Rules that hold for whatever is rendered.
@Suite struct `Charts of every plan` {
    /// Versions with different controllers of Ingresses; without and with a webhook.
    static let minors = [18, 26, 36]

    @Test func `the plans are found`() {
        #expect(Plans.names.count > 20)
    }

    @Test(arguments: Plans.names) func `every object is labelled`(_ name: String) throws {
        let plan = try Plans.plan(name)
        let rendering = try Rendering.of(name)
        #expect(!rendering.objects.isEmpty)
        for object in rendering.objects {
            let labels = object.labels
            #expect(labels["app.kubernetes.io/instance"] == .string(plan.name), "\(object)")
            #expect(labels["app.kubernetes.io/component"] == .string(object.component), "\(object)")
            #expect(labels["app.kubernetes.io/part-of"] == "iflearner", "\(object)")
            #expect(labels["app.kubernetes.io/name"]?.string?.isEmpty == false, "\(object)")
            #expect(labels["app.kubernetes.io/name"] != "not-this", "\(object)")
            for (key, value) in plan.value["commonLabels"]?.mapping ?? [:] where key != "app.kubernetes.io/name" {
                #expect(labels[key] == value, "\(object)")
                if let template = object.podTemplate {
                    #expect(template[path: "metadata", "labels", key] == value, "pods of \(object)")
                }
            }
            for (key, value) in plan.value["commonAnnotations"]?.mapping ?? [:] {
                #expect(object.annotations[key] == value, "\(object)")
                if let template = object.podTemplate {
                    #expect(template[path: "metadata", "annotations", key] == value, "pods of \(object)")
                }
            }
        }
    }

    @Test(arguments: Plans.names) func `selectors select what is there`(_ name: String) throws {
        let rendering = try Rendering.of(name)
        let templates = rendering.objects.filter { ["Deployment", "StatefulSet"].contains($0.kind) }
        for workload in templates {
            let selector = workload["spec", "selector", "matchLabels"] ?? .null
            #expect(selector.isSubset(of: workload.podTemplate?[path: "metadata", "labels"]), "\(workload)")
            #expect(selector.mapping?.count == 2, "\(workload): selectors can never be changed")
        }
        for service in rendering.of(kind: "Service") where service.name != "iflearner-training" {
            let selected = rendering.objects.filter {
                $0.podTemplate.map { service["spec", "selector"]?.isSubset(of: $0[path: "metadata", "labels"]) == true }
                    ?? false
            }
            #expect(selected.count == 1, "\(service) selects \(selected)")
            let ports = Set(
                selected.flatMap { $0.containers.flatMap { ($0["ports"]?.array ?? []).compactMap { $0["name"] } } })
            for port in service["spec", "ports"]?.array ?? [] {
                #expect(port["targetPort"].map(ports.contains) == true, "\(service)")
            }
        }
        for kind in ["PodDisruptionBudget", "NetworkPolicy"] {
            for object in rendering.of(kind: kind) {
                let selector =
                    object["spec", "selector", "matchLabels"] ?? object["spec", "podSelector", "matchLabels"] ?? .null
                #expect(
                    templates.contains { selector.isSubset(of: $0.podTemplate?[path: "metadata", "labels"]) },
                    "\(object)")
            }
        }
    }

    @Test(arguments: Plans.names) func `what pods and bindings name is rendered or the plan's own`(_ name: String)
        throws
    {
        let plan = try Plans.plan(name)
        let rendering = try Rendering.of(name)
        let all = rendering.objects + rendering.hooks
        let expected = Set(plan.expectedSecrets)
        for object in all where object.podSpec != nil {
            let volumes = object.podSpec?["volumes"]?.array ?? []
            let names = Set(volumes.compactMap { $0["name"]?.string })
            #expect(names.count == volumes.count, "\(object)")
            for container in object.containers {
                let mounted = Set((container["volumeMounts"]?.array ?? []).compactMap { $0["name"]?.string })
                #expect(mounted == names, "\(object)")
            }
            for volume in volumes {
                if let secret = volume[path: "secret", "secretName"]?.string {
                    #expect(rendering("Secret", secret) != nil || expected.contains(secret), "\(object): \(secret)")
                }
                if let map = volume[path: "configMap", "name"]?.string {
                    let keys = (volume[path: "configMap", "items"]?.array ?? []).compactMap { $0["key"]?.string }
                    for key in keys { #expect(rendering("ConfigMap", map)?["data", key] != nil, "\(object): \(key)") }
                    #expect(rendering("ConfigMap", map) != nil, "\(object): \(map)")
                }
                if let claim = volume[path: "persistentVolumeClaim", "claimName"]?.string {
                    let own = plan.value[path: "mysql", "existingClaim"]?.string
                    #expect(rendering("PersistentVolumeClaim", claim) != nil || claim == own, "\(object): \(claim)")
                }
            }
            let account = object.podSpec?["serviceAccountName"]?.string ?? "none"
            #expect(rendering("ServiceAccount", account) != nil, "\(object): \(account)")
        }
        for binding in rendering.objects where binding.kind.hasSuffix("RoleBinding") {
            let role = binding["roleRef", "name"]?.string ?? ""
            let found = rendering.objects.first {
                $0.kind == binding["roleRef", "kind"]?.string && $0.name == role && $0.namespace == binding.namespace
            }
            #expect(found != nil, "\(binding)")
            for subject in binding["subjects"]?.array ?? [] {
                let account = rendering("ServiceAccount", subject["name"]?.string ?? "")
                #expect(account?.namespace == subject["namespace"]?.string, "\(binding)")
            }
        }
    }

    @Test(arguments: Plans.names, minors) func `secret text stands in Secrets only`(_ name: String, _ minor: Int) throws
    {
        let rendering = try Rendering.of(name, minor: minor)
        let secrets = Plans.secrets.filter { $0.key != "ca" }.values
        for object in rendering.objects + rendering.hooks where object.kind != "Secret" {
            for text in object.value.texts {
                #expect(!text.contains("Kanarien") || text.contains("Kanarienvogel-ca"), "\(object)")
                for secret in secrets { #expect(!text.contains(Base64.encode(secret.utf8)), "\(object)") }
            }
        }
    }

    @Test(arguments: Plans.names) func `claims are objects of their own, and workloads are safe to replace`(
        _ name: String
    )
        throws
    {
        let rendering = try Rendering.of(name)
        for workload in rendering.objects where workload.podSpec != nil {
            #expect(workload["spec", "volumeClaimTemplates"] == nil)
            #expect(workload.podSpec?["automountServiceAccountToken"] != nil, "\(workload)")
            #expect(workload.podSpec?["hostNetwork"] == nil)
            for container in workload.containers {
                #expect(container["image"]?.string?.contains("/") == true, "\(workload)")
                #expect(container["imagePullPolicy"]?.string != nil, "\(workload)")
                guard workload.kind == "Deployment" || workload.kind == "StatefulSet" else { continue }
                for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
                    #expect(container[probe] != nil, "\(workload): \(probe)")
                }
                #expect(container[path: "resources", "requests", "cpu"] != nil, "\(workload)")
            }
        }
        for name in ["flow-server", "flow-federate"] {
            guard let deployment = rendering("Deployment", name) else { continue }
            #expect(deployment["spec", "strategy"] == ["type": "Recreate"])
            #expect(deployment["spec", "replicas"] == 1)
            #expect(
                deployment.podTemplate?[path: "metadata", "annotations", "checksum/configuration"]?.string?.count == 64)
        }
        #expect(rendering.of(kind: "ServiceAccount").allSatisfy { $0.name != "default" })
    }

    @Test(arguments: Plans.names) func `nothing empty is written that nobody asked for`(_ name: String) throws {
        for object in try Rendering.of(name).objects {
            // These mean something when they are empty.
            emptyBlocks(object.value, "\(object)", allowed: ["emptyDir", "status", "namespaceSelector"])
        }
    }

    private func emptyBlocks(_ value: Value, _ path: String, allowed: Set<String>) {
        switch value {
        case .mapping(let mapping):
            for (key, inner) in mapping {
                #expect(!inner.isNull, "\(path).\(key)")
                if inner == [:] || inner == [] { #expect(allowed.contains(key), "\(path).\(key)") }
                emptyBlocks(inner, "\(path).\(key)", allowed: allowed)
            }
        case .array(let items):
            for (index, item) in items.enumerated() { emptyBlocks(item, "\(path).\(index)", allowed: allowed) }
        default: break
        }
    }

    @Test(arguments: ["hospital", "placed"]) func `the same values give the same bytes`(_ name: String) throws {
        #expect(try Rendering(try Plans.plan(name)).text == (try Rendering.of(name).text))
    }

    /// `CHART_RENDERS=<folder>` leaves every plan, rendered for every version, for `scripts/validate-manifests`.
    @Test func `renders are left for the schemas`() throws {
        guard let folder = Repository.environment("CHART_RENDERS") else { return }
        for minor in Discovery.minors {
            for name in Plans.names {
                let rendering = try Rendering(try Plans.plan(name), minor: minor)
                try Repository.write(rendering.text, to: "\(folder)/1.\(minor)/\(name).yaml")
            }
        }
    }
}
