// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension PlanRules {
    /// The node ports that Kubernetes hands out unless told otherwise.
    private static let nodePortRange: ClosedRange<Int64> = 30000...32767

    mutating func checkServices() {
        for module in Module.allCases {
            guard let type = text(module.name, "type") else { continue }
            for key in ["loadBalancerIP", "loadBalancerSourceRanges"] where type != "LoadBalancer" {
                let isEmpty = [.string(""), .array([])].contains(value[path: module.name, key])
                if isWritten("\(module.name).\(key)"), !isEmpty {
                    warn("\(module.name).\(key) has no effect with type: \(type)", at: "\(module.name).\(key)")
                }
            }
            let path = "\(module.name).nodePort"
            if isWritten(path), type != "NodePort", value[path: module.name, "nodePort"] != 0 {
                warn("\(path) has no effect with type: \(type)", at: path, hint: "write type: NodePort")
            }
        }
    }

    /// HostPort takes a port of the node, which the stricter standards forbid.
    mutating func checkHostPort() {
        guard modules.contains(.ingressNginx), text("ingress-nginx", "type") == "HostPort",
            let level = text("podSecurity"), level != "privileged"
        else { return }
        refuse(
            "ingress-nginx.type: HostPort is not possible with podSecurity: \(level)", at: "ingress-nginx.type",
            hint: "write type: NodePort or LoadBalancer, or podSecurity: privileged")
    }

    /// A node port that the plan asks for, and the key that says so.
    private struct NodePort: Equatable {
        var number: Int64
        var path: String
    }

    mutating func checkNodePorts() {
        let written = Module.allCases.compactMap { module -> NodePort? in
            guard let number = value[path: module.name, "nodePort"]?.int, number != 0 else { return nil }
            return NodePort(number: number, path: "\(module.name).nodePort")
        }
        let taken = Module.allCases.flatMap(nodePorts)
        for port in written + taken.filter({ !written.contains($0) }) where !Self.nodePortRange.contains(port.number) {
            refuse(
                "\(port.path): \(port.number) is not a node port", at: port.path,
                hint: "write a number from 30000 to 32767" + (port.path.hasPrefix("endpoint") ? "" : ", or 0 for any"))
        }
        for (index, port) in taken.enumerated() {
            guard let other = taken[..<index].first(where: { $0.number == port.number }) else { continue }
            let isBoth = isWritten(port.path) && isWritten(other.path)
            refuse(
                "\(other.path) and \(port.path) both ask for node port \(port.number)",
                at: isWritten(port.path) ? port.path : other.path, hint: "give one of them another port",
                first: isBoth ? ("it is asked for first here", other.path) : nil)
        }
    }

    private func nodePorts(of module: Module) -> [NodePort] {
        guard modules.contains(module) else { return [] }
        func port(_ path: String..., default fallback: String...) -> NodePort? {
            if let number = value[path: path]?.int, number != 0 {
                return NodePort(number: number, path: path.joined(separator: "."))
            }
            guard !fallback.isEmpty, let number = value[path: fallback]?.int else { return nil }
            return NodePort(number: number, path: fallback.joined(separator: "."))
        }
        let name = module.name
        let isNodePort = text(name, "type") == "NodePort"
        switch module {
        case .mysql:
            guard isNodePort, !isWritten("mysql.external") else { return [] }
            return [port(name, "nodePort")].compactMap(\.self)
        case .flowFederate: return isNodePort ? [port(name, "nodePort")].compactMap(\.self) : []
        case .flowServer:
            return isNodePort ? [port(name, "nodePort", default: "endpoint", "flowPort")].compactMap(\.self) : []
        case .ingressNginx:
            return isNodePort ? [port(name, "nodePort", default: "endpoint", "trainingPort")].compactMap(\.self) : []
        case .operator: return []
        }
    }
}
