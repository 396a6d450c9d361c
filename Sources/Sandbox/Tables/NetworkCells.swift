// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension TableLayout {
    static let services = TableLayout(
        TableColumn.text("Type", "Cluster-IP", "External-IP", "Port(s)"), wide: TableColumn.wide("Selector"),
        cells: { service, _ in
            let ports = service.spec.ports.list.map { port in
                let node = port.nodePort.number.flatMap { $0 > 0 ? ":\($0)" : nil } ?? ""
                return "\(port.port.number ?? 0)\(node)/\(port["protocol"].nonEmpty ?? "TCP")"
            }
            return [
                .string(service.spec.type.text),
                Cells.text(service.spec.clusterIPs.list.first ?? service.spec.clusterIP),
                .string(externalAddress(service)), Cells.joined(ports),
            ]
        },
        wideCells: { [Cells.labels($0.spec.selector)] })

    static let endpoints = TableLayout(TableColumn.text("Endpoints")) { endpoints, _ in
        let addresses = endpoints.subsets.list.flatMap { subset in
            let ports = subset.ports.list
            return ports.isEmpty
                ? subset.addresses.list.map(\.ip.text)
                : ports.flatMap { port in
                    subset.addresses.list.map { "\(hostAndPort($0.ip.text, port.port.number ?? 0))" }
                }
        }
        return [.string(shortened(addresses, empty: "<none>"))]
    }

    static let endpointSlices = TableLayout(TableColumn.text("AddressType", "Ports", "Endpoints")) { slice, _ in
        let ports = slice.ports.list.map { port in port.port.number.map { "\($0)" } ?? port.name.nonEmpty ?? "*" }
        let addresses = slice.endpoints.list.flatMap { $0.addresses.list.map(\.text) }
        return [
            .string(slice.addressType.text), .string(shortened(ports, empty: "<unset>")),
            .string(shortened(addresses, empty: "<unset>")),
        ]
    }

    static let ingresses = TableLayout(TableColumn.text("Class", "Hosts", "Address", "Ports")) { ingress, _ in
        let rules = ingress.spec.rules.list
        let hosts = rules.prefix(3).compactMap(\.host.nonEmpty)
        let more = rules.count > 3 ? " + \(rules.count - 3) more..." : ""
        return [
            Cells.text(ingress.spec.ingressClassName),
            .string(hosts.isEmpty ? "*" : hosts.joined(separator: ",") + more),
            .string(Cells.loadBalancer(ingress.status.loadBalancer).joined(separator: ",")),
            .string(ingress.spec.tls.list.isEmpty ? "80" : "80, 443"),
        ]
    }

    static let ingressClasses = TableLayout(TableColumn.text("Controller", "Parameters")) { ingressClass, _ in
        let parameters = ingressClass.spec.parameters
        let group = parameters.apiGroup.nonEmpty.map { ".\($0)" } ?? ""
        return [
            .string(ingressClass.spec.controller.text),
            parameters.exists ? .string("\(parameters.kind.text)\(group)/\(parameters.name.text)") : Cells.none,
        ]
    }

    static let networkPolicies = TableLayout(TableColumn.text("Pod-Selector")) { policy, _ in
        [Cells.selector(policy.spec.podSelector)]
    }

    static let ipAddresses = TableLayout(exactly: [.objectName] + TableColumn.text("ParentRef")) { address, _ in
        let parent = address.spec.parentRef
        let path = [parent.group, parent.resource, parent.namespace, parent.name].compactMap(\.nonEmpty)
        return [.string(address.metadata.name.text), Cells.joined(path, by: "/")]
    }

    static let serviceCIDRs = TableLayout(TableColumn.text("CIDRs")) { range, _ in
        [Cells.joined(range.spec.cidrs.list.map(\.text))]
    }

    private static func externalAddress(_ service: Fields) -> String {
        let external = service.spec.externalIPs.list.map(\.text)
        switch service.spec.type.text {
        case "ExternalName": return service.spec.externalName.text
        case "LoadBalancer":
            let addresses = Cells.loadBalancer(service.status.loadBalancer) + external
            return addresses.isEmpty ? "<pending>" : addresses.joined(separator: ",")
        default: return external.isEmpty ? "<none>" : external.joined(separator: ",")
        }
    }

    private static func shortened(_ texts: [String], empty: String) -> String {
        guard !texts.isEmpty else { return empty }
        let more = texts.count > 3 ? " + \(texts.count - 3) more..." : ""
        return texts.prefix(3).joined(separator: ",") + more
    }

    private static func hostAndPort(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
