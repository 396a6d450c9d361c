// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Deployment
import Processes
import Records
import Terminal
import Values

/// `cluster describe` in KubeFATE's layout (spec/cli.md).
struct DeploymentDescription {
    let state: DeploymentState
    /// The plan as text, its secrets masked.
    let plan: String
    let inspection: DeploymentInspection
    let now: Timestamp

    /// What it is doing; a running deployment of which something is not available says so.
    var status: DeploymentStatus {
        state.status == .running && !inspection.isAvailable ? .unavailable : state.status
    }

    var lines: [String] {
        var fields = Fields()
        fields.add("UUID", state.id)
        fields.add("Name", state.deployment)
        fields.add("NameSpace", state.namespace)
        fields.add("ChartName", state.chartName)
        fields.add("ChartVersion", state.chartVersion)
        fields.add("REVISION", String(state.revision))
        fields.add("Age", (now - state.createdAt).age)
        fields.add("Status", status.rawValue)
        fields.add("Job", state.job)
        fields.add(
            "Spec", plan.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).droppingEmptyEnd)
        fields.add("Info", info)
        return fields.lines
    }

    private var info: [String] {
        var lines: [String] = []
        if !inspection.hosts.isEmpty { lines += ["dashboard:"] + inspection.hosts.map { "- \($0)" } }
        if !addresses.isEmpty { lines += ["ip:"] + addresses.map { "- \($0)" } }
        if !ports.isEmpty { lines += ["ports:"] + ports.map { "- \($0)" } }
        lines.append("pods:")
        lines += inspection.pods.map { "- \($0.name): \($0.status)" + ($0.node.isEmpty ? "" : " on \($0.node)") }
        lines.append("status:")
        lines.append("  modules:")
        for module in inspection.modules {
            lines.append("    \(module.name): \(module.status.rawValue)")
            lines += module.reasons.map { "      \($0)" }
        }
        if !state.uses.isEmpty {
            lines.append("shared:")
            lines += state.uses.map { "- \($0.key)" + ($0.provider.map { " of \($0)" } ?? "") }
        }
        return lines
    }

    /// The external addresses of the services.
    private var addresses: [String] {
        let found = inspection.services.flatMap { service in
            (service["status", "loadBalancer", "ingress"]?.array ?? []).compactMap {
                $0["ip"]?.string ?? $0["hostname"]?.string
            }
        }
        return Array(Set(found)).sorted()
    }

    /// Where each service listens: within the cluster, and on the nodes.
    private var ports: [String] {
        inspection.services.flatMap { service in
            (service["spec", "ports"]?.array ?? []).map { port in
                let number = port["port"]?.int.map(String.init) ?? "?"
                let node = port["nodePort"]?.int.map { " (node port \($0))" } ?? ""
                return "\(service.name):\(number)/\(port["protocol"]?.string ?? "TCP")\(node)"
            }
        }
    }

    /// The documented JSON: the state record, with `plan`, `modules`, `pods`, `services` and `status` as they are now.
    var json: Value {
        var value = state.json
        value["status"] = .string(status.rawValue)
        value["plan"] = .string(plan)
        value["modules"] = .array(
            inspection.modules.map {
                [
                    "name": .string($0.name), "status": .string($0.status.rawValue),
                    "reasons": .array($0.reasons.map(Value.string)),
                ]
            })
        value["pods"] = .array(
            inspection.pods.map {
                [
                    "name": .string($0.name), "namespace": .string($0.namespace), "component": .string($0.component),
                    "status": .string($0.status), "node": .string($0.node),
                ]
            })
        value["ports"] = .array(ports.map(Value.string))
        value["addresses"] = .array(addresses.map(Value.string))
        value["hosts"] = .array(inspection.hosts.map(Value.string))
        return value
    }
}

extension [String] {
    /// Without empty elements at the end.
    fileprivate var droppingEmptyEnd: [String] {
        var lines = self
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
