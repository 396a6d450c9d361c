// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

extension ObjectValidator {
    private static let spec = FieldPath("spec")

    mutating func checkIngress(_ object: Fields) {
        let (spec, path) = (object.spec, Self.spec)
        let isOld = object.apiVersion.text.hasSuffix("/v1beta1")
        if spec.rules.list.isEmpty, !spec.defaultBackend.exists, !spec.backend.exists {
            add(.invalid(path, spec.rules.value ?? [], "either `defaultBackend` or `rules` must be specified"))
        }
        if spec.defaultBackend.exists { checkBackend(spec.defaultBackend, path["defaultBackend"]) }
        if !spec.ingressClassName.text.isEmpty {
            check(
                NameRules.subdomain(spec.ingressClassName.text), path["ingressClassName"],
                .string(spec.ingressClassName.text))
        }
        for (index, entry) in spec.tls.list.enumerated() {
            for (position, host) in entry.hosts.list.enumerated() {
                checkHost(host.text, path["tls"][index]["hosts"][position])
            }
        }
        for (index, rule) in spec.rules.list.enumerated() {
            let path = path["rules"][index]
            if !rule.host.text.isEmpty {
                if IPAddress(rule.host.text) != nil {
                    add(.invalid(path["host"], rule.host.value, "must be a DNS name, not an IP address"))
                }
                checkHost(rule.host.text, path["host"])
            }
            guard rule.http.exists else { continue }
            if rule.http.paths.list.isEmpty { add(.required(path["http"]["paths"])) }
            for (index, entry) in rule.http.paths.list.enumerated() {
                if isOld {
                    checkOldBackend(entry.backend, path["http"]["paths"][index]["backend"])
                } else {
                    checkIngressPath(entry, path["http"]["paths"][index])
                }
            }
        }
    }

    private mutating func checkHost(_ host: String, _ path: FieldPath) {
        check(host.contains("*") ? NameRules.wildcardSubdomain(host) : NameRules.subdomain(host), path, .string(host))
    }

    private mutating func checkIngressPath(_ entry: Fields, _ path: FieldPath) {
        let text = entry.path.text
        switch entry.pathType.text {
        case "":
            add(.required(path["pathType"], "pathType must be specified"))
        case "Exact", "Prefix":
            if !text.hasPrefix("/") { add(.invalid(path["path"], .string(text), "must be an absolute path")) }
            for sequence in ["//", "/./", "/../", "%2f", "%2F"] where text.contains(sequence) {
                add(.invalid(path["path"], .string(text), "must not contain '\(sequence)'"))
            }
            for suffix in ["/..", "/."] where text.hasSuffix(suffix) {
                add(.invalid(path["path"], .string(text), "cannot end with '\(suffix)'"))
            }
        case "ImplementationSpecific":
            if !text.isEmpty, !text.hasPrefix("/") {
                add(.invalid(path["path"], .string(text), "must be an absolute path"))
            }
        default:
            add(.notSupported(path["pathType"], entry.pathType.value, ["Exact", "ImplementationSpecific", "Prefix"]))
        }
        checkBackend(entry.backend, path["backend"])
    }

    private mutating func checkBackend(_ backend: Fields, _ path: FieldPath) {
        let (service, resource) = (backend.service, backend.resource)
        if service.exists, resource.exists {
            return add(.invalid(path, "", "cannot set both resource and service backends"))
        }
        if resource.exists {
            for field in ["kind", "name"] where resource[field].text.isEmpty { add(.required(path["resource"][field])) }
            return
        }
        guard service.exists else {
            return add(.required(path, "resource or service backend is required"))
        }
        if service.name.text.isEmpty {
            add(.required(path["service"]["name"]))
        } else {
            check(NameRules.serviceLabel(service.name.text), path["service"]["name"], .string(service.name.text))
        }
        let port = service.port
        let number = port["number"].number ?? 0
        switch (port.name.text.isEmpty, number == 0) {
        case (false, false): add(.invalid(path, "", "cannot set both port name & port number"))
        case (true, true): add(.required(path, "port name or number is required"))
        case (false, true):
            check(NameRules.portName(port.name.text), path["service"]["port"]["name"], port.name.value ?? "")
        case (true, false): check(NameRules.portNumber(number), path["service"]["port"]["number"], .int(Int64(number)))
        }
    }

    /// The backend of `v1beta1`: a Service by name, and its port by number or name.
    private mutating func checkOldBackend(_ backend: Fields, _ path: FieldPath) {
        let (name, port) = (backend.serviceName, backend.servicePort)
        if name.text.isEmpty {
            add(.required(path["serviceName"]))
        } else {
            check(NameRules.serviceLabel(name.text), path["serviceName"], .string(name.text))
        }
        if port.exists { checkPortNumberOrName(port, path["servicePort"]) } else { add(.required(path["servicePort"])) }
    }

    mutating func checkIngressClass(_ object: Fields, old: Fields?) {
        let (controller, path) = (object.spec.controller, Self.spec["controller"])
        if controller.text.isEmpty { add(.required(path)) }
        if controller.text.utf8.count > 250 { add(.tooLong(path, limit: 250)) }
        if !controller.text.isEmpty, !controller.text.contains("/") {
            add(.invalid(path, controller.value, "must be a domain-prefixed path (such as \"acme.io/foo\")"))
        }
        if let old { checkImmutable(controller, old.spec.controller, path) }
    }

    mutating func checkNetworkPolicy(_ object: Fields) {
        let (spec, path) = (object.spec, Self.spec)
        checkLabelSelector(spec.podSelector, path["podSelector"])
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in spec[direction].list.enumerated() {
                let path = path[direction][index]
                for (index, port) in rule.ports.list.enumerated() {
                    checkPolicyPort(port, path["ports"][index])
                }
                for (index, peer) in rule[peers].list.enumerated() {
                    checkPolicyPeer(peer, path[peers][index])
                }
            }
        }
        let types = spec.policyTypes.list.map(\.text)
        if types.count > 2 {
            add(.invalid(path["policyTypes"], spec.policyTypes.value, "may not specify more than two policyTypes"))
        }
        for (index, type) in types.enumerated() where !["Ingress", "Egress"].contains(type) {
            add(.notSupported(path["policyTypes"][index], .string(type), ["Egress", "Ingress"]))
        }
    }

    private mutating func checkPolicyPort(_ port: Fields, _ path: FieldPath) {
        if !port.protocol.text.isEmpty { checkChoice(port.protocol, path["protocol"], ["SCTP", "TCP", "UDP"]) }
        if port.port.exists { checkPortNumberOrName(port.port, path["port"]) }
        guard let end = port.endPort.number else { return }
        guard let first = port.port.number else {
            return add(
                port.port.exists
                    ? .invalid(path["endPort"], port.endPort.value, "may not be specified when `port` is non-numeric")
                    : .invalid(path["endPort"], port.endPort.value, "may not be specified when `port` is not specified")
            )
        }
        if end < first { add(.invalid(path["endPort"], port.endPort.value, "must be greater than or equal to `port`")) }
    }

    private mutating func checkPolicyPeer(_ peer: Fields, _ path: FieldPath) {
        let count = ["podSelector", "namespaceSelector", "ipBlock"].count { peer[$0].exists }
        checkLabelSelector(peer.podSelector, path["podSelector"])
        checkLabelSelector(peer.namespaceSelector, path["namespaceSelector"])
        if peer.ipBlock.exists {
            if peer.ipBlock.cidr.text.isEmpty {
                add(.required(path["ipBlock"]["cidr"]))
            } else if !IPAddress.isNetwork(peer.ipBlock.cidr.text) {
                add(
                    .invalid(
                        path["ipBlock"]["cidr"], peer.ipBlock.cidr.value,
                        "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"))
            }
            if count > 1 { add(.forbidden(path, "may not specify both ipBlock and another peer")) }
        }
        if count == 0 { add(.required(path, "must specify a peer")) }
    }
}
