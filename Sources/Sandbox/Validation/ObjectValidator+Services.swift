// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

extension ObjectValidator {
    private static let spec = FieldPath("spec")

    mutating func checkService(_ object: Fields, old: Fields?) {
        let (spec, path) = (object.spec, Self.spec)
        if let old { checkServiceUpdate(spec, old: old.spec) }
        let type = spec.type.text
        let isHeadless = spec.clusterIP.text == "None"
        if spec.ports.list.isEmpty, !isHeadless, type != "ExternalName" { add(.required(path["ports"])) }
        if isHeadless, type == "LoadBalancer" || type == "NodePort" {
            add(
                .invalid(
                    path["clusterIPs"][0], "None", "may not be set to 'None' for \(type) services"))
        }
        if type == "ExternalName" { checkExternalName(spec) }
        checkServicePorts(spec)
        checkLabels(spec.selector, path["selector"])
        checkChoice(spec.sessionAffinity, path["sessionAffinity"], ["ClientIP", "None"])
        checkSessionAffinity(spec)
        checkClusterIPs(spec)
        for (index, address) in spec.externalIPs.list.enumerated() where IPAddress(address.text) == nil {
            add(
                .invalid(
                    path["externalIPs"][index], address.value,
                    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"))
        }
        checkChoice(spec.type, path["type"], ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"])
        checkNodePorts(spec)
        checkLoadBalancer(spec)
        checkTrafficPolicies(spec)
    }

    private mutating func checkExternalName(_ spec: Fields) {
        let path = Self.spec
        for field in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] where spec[field].exists {
            add(.forbidden(path[field], "may not be set for ExternalName services"))
        }
        var name = spec.externalName.text
        if name.hasSuffix(".") { name.removeLast() }
        if name.isEmpty {
            add(.required(path["externalName"]))
        } else {
            check(NameRules.subdomain(name), path["externalName"], .string(name))
        }
    }

    private mutating func checkServicePorts(_ spec: Fields) {
        let ports = spec.ports.list
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = Self.spec["ports"][index]
            let name = port.name.text
            if name.isEmpty {
                if ports.count > 1 { add(.required(path["name"])) }
            } else {
                check(NameRules.label(name), path["name"], .string(name))
                if !names.insert(name).inserted { add(.duplicate(path["name"], .string(name))) }
            }
            let number = port.port.number ?? 0
            check(NameRules.portNumber(number), path["port"], .int(Int64(number)))
            checkChoice(port.protocol, path["protocol"], ["SCTP", "TCP", "UDP"])
            checkPortNumberOrName(port.targetPort, path["targetPort"])
            if port.appProtocol.exists {
                check(
                    NameRules.qualifiedName(port.appProtocol.text), path["appProtocol"], .string(port.appProtocol.text))
            }
        }
    }

    private mutating func checkSessionAffinity(_ spec: Fields) {
        let path = Self.spec["sessionAffinityConfig"]
        if spec.sessionAffinity.text == "ClientIP" {
            let seconds = spec.sessionAffinityConfig.clientIP.timeoutSeconds
            if !seconds.exists {
                add(.required(path["clientIP"]["timeoutSeconds"], "when session affinity type is ClientIP"))
            } else if let number = seconds.number, !(1...86_400).contains(number) {
                add(
                    .invalid(
                        path["clientIP"]["timeoutSeconds"], seconds.value, "must be greater than 0 and less than 86400")
                )
            }
        } else if spec.sessionAffinity.text == "None", spec.sessionAffinityConfig.exists {
            add(.forbidden(path, "must not be set when session affinity is None"))
        }
    }

    private mutating func checkClusterIPs(_ spec: Fields) {
        let path = Self.spec["clusterIPs"]
        let addresses = spec.clusterIPs.list.map(\.text)
        if let first = addresses.first, !spec.clusterIP.text.isEmpty, first != spec.clusterIP.text {
            add(.invalid(path, spec.clusterIPs.value, "first value must match `clusterIP`"))
        }
        for (index, address) in addresses.enumerated() where address != "None" || index > 0 {
            guard IPAddress(address) == nil else { continue }
            add(
                .invalid(
                    path[index], .string(address), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"))
        }
        if addresses.isEmpty, !spec.clusterIP.text.isEmpty, spec.clusterIP.text != "None",
            IPAddress(spec.clusterIP.text) == nil
        {
            add(
                .invalid(
                    path[0], spec.clusterIP.value, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"))
        }
        for (index, family) in spec.ipFamilies.list.enumerated() {
            checkChoice(family, Self.spec["ipFamilies"][index], ["IPv4", "IPv6"])
        }
        if spec.ipFamilyPolicy.exists {
            checkChoice(
                spec.ipFamilyPolicy, Self.spec["ipFamilyPolicy"],
                ["PreferDualStack", "RequireDualStack", "SingleStack"])
        }
    }

    private mutating func checkNodePorts(_ spec: Fields) {
        var nodePorts: Set<String> = []
        var ports: Set<String> = []
        for (index, port) in spec.ports.list.enumerated() {
            let path = Self.spec["ports"][index]
            if let number = port.nodePort.number, number != 0 {
                if spec.type.text == "ClusterIP" {
                    add(.forbidden(path["nodePort"], "may not be used when `type` is 'ClusterIP'"))
                } else if !(30_000...32_767).contains(number) {
                    add(
                        .invalid(
                            path["nodePort"], port.nodePort.value,
                            "provided port is not in the valid range. The range of valid ports is 30000-32767"))
                }
                if !nodePorts.insert("\(port.protocol.text)/\(number)").inserted {
                    add(.duplicate(path["nodePort"], .int(Int64(number))))
                }
            }
            if !ports.insert("\(port.protocol.text)/\(port.port.number ?? 0)").inserted {
                let key: Value = [
                    "port": port.port.value ?? 0, "protocol": port.protocol.value ?? "", "targetPort": 0,
                ]
                add(.duplicate(path, key))
            }
        }
    }

    private mutating func checkLoadBalancer(_ spec: Fields) {
        let isBalanced = spec.type.text == "LoadBalancer"
        let path = Self.spec
        if !spec.loadBalancerSourceRanges.list.isEmpty, !isBalanced {
            add(.forbidden(path["LoadBalancerSourceRanges"], "may only be used when `type` is 'LoadBalancer'"))
        }
        for (index, range) in spec.loadBalancerSourceRanges.list.enumerated() where !IPAddress.isNetwork(range.text) {
            add(
                .invalid(
                    path["LoadBalancerSourceRanges"][index], range.value,
                    "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"))
        }
        for field in ["allocateLoadBalancerNodePorts", "loadBalancerClass"]
        where spec[field].exists && !isBalanced {
            add(.forbidden(path[field], "may only be used when `type` is 'LoadBalancer'"))
        }
    }

    private mutating func checkTrafficPolicies(_ spec: Fields) {
        let path = Self.spec
        let isExternal =
            ["LoadBalancer", "NodePort"].contains(spec.type.text)
            || (spec.type.text == "ClusterIP" && !spec.externalIPs.list.isEmpty)
        let policy = spec.externalTrafficPolicy
        if isExternal {
            checkChoice(policy, path["externalTrafficPolicy"], ["Cluster", "Local"])
        } else if !policy.text.isEmpty {
            add(
                .invalid(
                    path["externalTrafficPolicy"], policy.value, "may only be set for externally-accessible services"))
        }
        let needsHealthCheck = spec.type.text == "LoadBalancer" && policy.text == "Local"
        if !needsHealthCheck, let port = spec.healthCheckNodePort.number, port != 0 {
            add(
                .invalid(
                    path["healthCheckNodePort"], spec.healthCheckNodePort.value,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"))
        }
        if spec.internalTrafficPolicy.exists {
            checkChoice(spec.internalTrafficPolicy, path["internalTrafficPolicy"], ["Cluster", "Local"])
        }
    }

    private mutating func checkServiceUpdate(_ new: Fields, old: Fields) {
        guard new.type.text != "ExternalName", old.type.text != "ExternalName", !old.clusterIP.text.isEmpty else {
            return
        }
        let (oldAddresses, newAddresses) = (old.clusterIPs.list.map(\.text), new.clusterIPs.list.map(\.text))
        let oldFirst = oldAddresses.first ?? old.clusterIP.text
        let newFirst = newAddresses.first ?? new.clusterIP.text
        if oldFirst != newFirst || (!new.clusterIP.text.isEmpty && new.clusterIP.text != oldFirst) {
            let shown: Value = new.clusterIPs.value ?? [.string(new.clusterIP.text)]
            add(.invalid(Self.spec["clusterIPs"][0], shown, "may not change once set"))
        }
        if let oldFamily = old.ipFamilies.list.first, let newFamily = new.ipFamilies.list.first,
            oldFamily.text != newFamily.text
        {
            add(.invalid(Self.spec["ipFamilies"][0], new.ipFamilies.value, "may not change once set"))
        }
        if old.type.text == "LoadBalancer", new.type.text == "LoadBalancer",
            old.loadBalancerClass.value != new.loadBalancerClass.value
        {
            add(.invalid(Self.spec["loadBalancerClass"], new.loadBalancerClass.value, "may not change once set"))
        }
    }

    mutating func checkEndpoints(_ object: Fields) {
        for (index, subset) in object.subsets.list.enumerated() {
            let path = FieldPath("subsets")[index]
            if subset.addresses.list.isEmpty, subset.notReadyAddresses.list.isEmpty {
                add(.required(path, "must specify `addresses` or `notReadyAddresses`"))
            }
            for kind in ["addresses", "notReadyAddresses"] {
                for (index, address) in subset[kind].list.enumerated() where IPAddress(address.ip.text) == nil {
                    add(
                        .invalid(
                            path[kind][index]["ip"], .string(address.ip.text),
                            "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"))
                }
            }
            for (index, port) in subset.ports.list.enumerated() {
                check(NameRules.portNumber(port.port.number ?? 0), path["ports"][index]["port"], port.port.value ?? 0)
            }
        }
    }

    mutating func checkEndpointSlice(_ object: Fields, old: Fields?) {
        let types = ["FQDN", "IPv4", "IPv6"]
        checkChoice(object.addressType, FieldPath("addressType"), types)
        if let old { checkImmutable(object.addressType, old.addressType, FieldPath("addressType")) }
        for (index, endpoint) in object.endpoints.list.enumerated() {
            let path = FieldPath("endpoints")[index]["addresses"]
            if endpoint.addresses.list.isEmpty { add(.required(path, "must contain at least 1 address")) }
        }
    }
}
