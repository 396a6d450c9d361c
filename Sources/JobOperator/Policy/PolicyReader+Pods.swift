// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats
import Values
import YAMLText

/// The settings that are more than a text.
extension PolicyReader {
    mutating func readPullSecrets(_ node: YAMLNode) -> [String] {
        items(node, at: "imagePullSecrets").compactMap { item in
            let found = fields(of: item.node, at: item.path, ["name"])
            guard let name = found.first else {
                report("\(item.path) has no name", at: item.node, hint: "write {name: SECRET}")
                return nil
            }
            return text(name.node, at: item.path + ".name", Names.dnsSubdomainFault)
        }
    }

    mutating func readResources(_ node: YAMLNode) -> JobPolicy.Resources {
        var resources = JobPolicy.Resources()
        for (key, block) in fields(of: node, at: "resources", ["requests", "limits"]) {
            let path = "resources.\(key)"
            guard let pairs = block.pairs else {
                report("\(path) must be a mapping of quantities", at: block)
                continue
            }
            for pair in pairs {
                let name = pair.key.scalar?.text ?? ""
                if let fault = Names.resourceFault(name) { report("\(path): '\(name)' \(fault)", at: pair.key) }
                guard let size = quantity(pair.value, at: "\(path).\(name)") else { continue }
                if key == "requests" { resources.requests[name] = size } else { resources.limits[name] = size }
            }
        }
        for (name, request) in resources.requests.sorted(by: { $0.key < $1.key }) {
            let least = Quantity.size(request) ?? 0
            let most = resources.limits[name].flatMap(Quantity.size)
            if let most, most < least {
                report("resources asks for \(request) of \(name), but limits it to less", at: node)
            } else if Names.isDevice(name), most != least {
                report(
                    "resources asks for \(name) without the same limit", at: node,
                    hint: "devices and huge pages are not shared: write the limit alone")
            }
        }
        return resources
    }

    mutating func readToleration(_ node: YAMLNode, at path: String) -> Mapping? {
        var toleration = Mapping()
        for (key, value) in fields(of: node, at: path, ["key", "operator", "value", "effect", "tolerationSeconds"]) {
            let place = path + "." + key
            switch key {
            case "operator": toleration[key] = word(value, at: place, of: ["Equal", "Exists"]).map(Value.string)
            case "effect":
                let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]
                toleration[key] = word(value, at: place, of: effects).map(Value.string)
            case "tolerationSeconds":
                let seconds = value.scalar.flatMap { Int64($0.text) }
                if seconds == nil { report("\(place) must be a whole number", at: value) }
                toleration[key] = seconds.map(Value.int)
            case "key": toleration[key] = text(value, at: place, Names.qualifiedNameFault).map(Value.string)
            default: toleration[key] = text(value, at: place, Names.labelValueFault).map(Value.string)
            }
        }
        let exists = toleration["operator"] == "Exists"
        if exists, toleration["value"]?.string?.isEmpty == false {
            report("\(path): operator Exists takes no value", at: node)
        } else if !exists, toleration["key"] == nil {
            report("\(path) has no key", at: node, hint: "add key, or write operator: Exists for all taints")
        } else if toleration["tolerationSeconds"] != nil, toleration["effect"] != "NoExecute" {
            report("\(path): tolerationSeconds goes with effect: NoExecute only", at: node)
        }
        return toleration
    }

    mutating func readData(_ node: YAMLNode) -> [JobPolicy.DataFolder] {
        var folders: [JobPolicy.DataFolder] = []
        for item in items(node, at: "data") {
            var path: FolderPath?
            var claim: String?
            var readOnly = true
            let found = fields(of: item.node, at: item.path, ["path", "existingClaim", "readOnly"])
            requireKeys(["path", "existingClaim"], found, item.node, at: item.path)
            for (key, value) in found {
                let place = item.path + "." + key
                switch key {
                case "path":
                    path = text(value, at: place) {
                        FolderPath($0) == nil ? "is not an absolute path without '..'" : nil
                    }.flatMap(FolderPath.init)
                case "existingClaim": claim = text(value, at: place, Names.dnsSubdomainFault)
                default: readOnly = flag(value, at: place) ?? true
                }
            }
            guard let path, let claim else { continue }
            if folders.contains(where: { $0.path == path }) { report("data names '\(path)' twice", at: item.node) }
            folders.append(JobPolicy.DataFolder(path: path, existingClaim: claim, readOnly: readOnly))
        }
        return folders
    }

    private mutating func requireKeys(
        _ keys: [String], _ found: [(key: String, node: YAMLNode)], _ node: YAMLNode, at path: String
    ) {
        guard !keys.allSatisfy({ key in found.contains { $0.key == key } }) else { return }
        report("\(path) needs \(keys.joined(separator: " and "))", at: node)
    }

    mutating func readVariables(_ node: YAMLNode) -> [JobPolicy.Variable] {
        var variables: [JobPolicy.Variable] = []
        for item in items(node, at: "env") {
            var name: String?
            var content: String?
            let found = fields(of: item.node, at: item.path, ["name", "value"])
            requireKeys(["name", "value"], found, item.node, at: item.path)
            for (key, value) in found {
                let place = item.path + "." + key
                if key == "name" {
                    name = text(value, at: place, Names.variableFault)
                } else {
                    content = text(value, at: place) { _ in nil }
                }
            }
            guard let name, let content else { continue }
            if variables.contains(where: { $0.name == name }) { report("env sets '\(name)' twice", at: item.node) }
            variables.append(JobPolicy.Variable(name: name, value: content))
        }
        return variables
    }

    mutating func readLabels(_ node: YAMLNode) -> [String: String] {
        let labels = texts(node, at: "labels", key: Names.qualifiedNameFault, value: Names.labelValueFault)
        if labels[JobContract.appLabel] != nil {
            report(
                "labels must not hold '\(JobContract.appLabel)', by which a job's Service finds its pod", at: node,
                hint: "choose another key")
        }
        return labels
    }

    mutating func readIngress(_ node: YAMLNode) -> JobPolicy.Ingress {
        var settings = JobPolicy.Ingress()
        for (key, value) in fields(of: node, at: "ingress", ["className", "controller", "annotations"]) {
            let place = "ingress." + key
            switch key {
            case "className":
                settings.className =
                    text(value, at: place) { $0.isEmpty ? nil : Names.dnsSubdomainFault($0) } ?? ""
            case "controller":
                let controllers = ["nginx", "haproxy", "traefik", "contour", "openshift", "custom"]
                settings.controller = word(value, at: place, of: controllers) ?? settings.controller
            default:
                settings.annotations = texts(
                    value, at: place, key: { Names.qualifiedNameFault($0.lowercased()) }, value: { _ in nil })
            }
        }
        return settings
    }

    mutating func readAddressSource(_ node: YAMLNode) -> JobPolicy.AddressSource? {
        let found = fields(of: node, at: "hostAliases", ["service", "host"])
        guard found.count == 1, let (key, value) = found.first else {
            report(
                "hostAliases needs one of service and host", at: node,
                hint: "write {service: {namespace: NAMESPACE, name: NAME}} or {host: NAME}")
            return nil
        }
        if key == "host" {
            return text(value, at: "hostAliases.host") {
                Addresses.isHost($0) ? nil : "is not a host name or an IP address"
            }.map(JobPolicy.AddressSource.host)
        }
        var parts: [String: String] = [:]
        let place = "hostAliases.service"
        let named = fields(of: value, at: place, ["namespace", "name"])
        requireKeys(["namespace", "name"], named, value, at: place)
        for (key, part) in named {
            parts[key] = text(part, at: place + "." + key) { Names.dnsLabelFault($0, longest: 63) }
        }
        guard let namespace = parts["namespace"], let name = parts["name"] else { return nil }
        return .service(namespace: namespace, name: name)
    }
}
