// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Formats
import Values
import YAMLText

extension JobPolicy {
    /// Reads a policy strictly: what is not understood might be what keeps a task in.
    ///
    /// - Throws: every problem with its line and column; values are not quoted where they may be secret.
    public init(reading text: String, of configMap: JobKey) throws(PolicyError) {
        let document: YAMLDocument
        do throws(YAMLError) {
            document = try YAMLDocument.parse(
                Array(text.utf8), file: JobContract.policy(for: .server).key, showsLines: false)
        } catch {
            throw PolicyError(configMap, [error.diagnostic])
        }
        var reader = PolicyReader(document: document)
        self = reader.read()
        if !reader.diagnostics.isEmpty {
            throw PolicyError(
                configMap,
                reader.diagnostics.sorted {
                    ($0.location?.line ?? 0, $0.location?.column ?? 0)
                        < ($1.location?.line ?? 0, $1.location?.column ?? 0)
                })
        }
    }
}

/// Walks the nodes of a policy: collects its settings and what is wrong with them.
struct PolicyReader {
    let document: YAMLDocument
    private(set) var diagnostics: [Diagnostic] = []

    init(document: YAMLDocument) {
        self.document = document
    }

    mutating func read() -> JobPolicy {
        diagnostics = document.duplicateKeys()
        var policy = JobPolicy()
        // Comments alone are a policy without settings.
        guard !document.root.isNull else { return policy }
        let keys = [
            "registry", "registryMirrors", "imagePullSecrets", "allowImages", "resources", "nodeSelector",
            "tolerations",
            "runtimeClassName", "shmSize", "data", "env", "labels", "podSecurity", "evictionGuard", "ingress",
            "hostAliases",
        ]
        var registry = ""
        var mirrors: [String: String] = [:]
        for (key, node) in fields(of: document.root, at: "", keys) {
            switch key {
            case "registry": registry = text(node, at: key, ImageName.registryFault) ?? ""
            case "registryMirrors": mirrors = texts(node, at: key, key: Self.hostFault, value: ImageName.registryFault)
            case "imagePullSecrets": policy.imagePullSecrets = readPullSecrets(node)
            case "allowImages":
                policy.allowImages = items(node, at: key).compactMap { item in
                    text(item.node, at: item.path, ImagePrefix.fault).flatMap(ImagePrefix.init)
                }
            case "resources": policy.resources = readResources(node)
            case "nodeSelector":
                policy.nodeSelector = texts(
                    node, at: key, key: Names.qualifiedNameFault, value: Names.labelValueFault)
            case "tolerations":
                policy.tolerations = items(node, at: key).compactMap { readToleration($0.node, at: $0.path) }
            case "runtimeClassName": policy.runtimeClassName = text(node, at: key, Names.dnsSubdomainFault)
            case "shmSize":
                policy.shmSize = quantity(node, at: key)
                if let size = policy.shmSize, !Quantity.isPositive(size) {
                    report("\(key) must be above zero", at: node)
                }
            case "data": policy.data = readData(node)
            case "env": policy.env = readVariables(node)
            case "labels": policy.labels = readLabels(node)
            case "podSecurity":
                let levels = JobPolicy.PodSecurity.allCases.map(\.rawValue)
                policy.podSecurity = word(node, at: key, of: levels).flatMap(JobPolicy.PodSecurity.init)
            case "evictionGuard": policy.evictionGuard = flag(node, at: key) ?? false
            case "ingress": policy.ingress = readIngress(node)
            default: policy.hostAliases = readAddressSource(node)
            }
        }
        policy.mirrors = ImageMirrors(registry: registry, mirrors: mirrors)
        return policy
    }

    private static func hostFault(_ text: String) -> String? {
        ImageName.registryFault(text) ?? (text.contains("/") ? "must be a host alone, without a path" : nil)
    }

    // MARK: Nodes

    mutating func report(_ message: String, at node: YAMLNode, hint: String? = nil) {
        diagnostics.append(Diagnostic(message, at: document.location(of: node.mark), hint: hint))
    }

    /// The entries of a mapping that are known and hold something; everything else is reported.
    mutating func fields(of node: YAMLNode, at path: String, _ known: [String]) -> [(key: String, node: YAMLNode)] {
        guard let pairs = node.pairs else {
            report("\(path.isEmpty ? "a policy" : path) must be a mapping, not \(kind(of: node))", at: node)
            return []
        }
        var found: [(key: String, node: YAMLNode)] = []
        for pair in pairs {
            let key = pair.key.scalar?.text ?? ""
            let place = path.isEmpty ? key : path + "." + key
            if !known.contains(key) {
                let near = nearestName(to: key, in: known).map { " (did you mean '\($0)'?)" } ?? ""
                report(
                    "unknown key '\(key)'\(path.isEmpty ? "" : " in \(path)")\(near)", at: pair.key,
                    hint: near.isEmpty ? "the keys are \(known.joined(separator: ", "))" : nil)
            } else if pair.value.isNull {
                // Taken for a key that is left out, an empty allow-list would allow everything.
                report("\(place) is empty", at: pair.key, hint: "write a value, or remove the key")
            } else {
                found.append((key, pair.value))
            }
        }
        return found
    }

    mutating func items(_ node: YAMLNode, at path: String) -> [(node: YAMLNode, path: String)] {
        guard let items = node.items else {
            report("\(path) must be a list, not \(kind(of: node))", at: node)
            return []
        }
        return items.enumerated().map { ($1, "\(path)[\($0)]") }
    }

    mutating func texts(
        _ node: YAMLNode, at path: String, key keyFault: (String) -> String?, value valueFault: (String) -> String?
    ) -> [String: String] {
        guard let pairs = node.pairs else {
            report("\(path) must be a mapping, not \(kind(of: node))", at: node)
            return [:]
        }
        var found: [String: String] = [:]
        for pair in pairs {
            guard let key = pair.key.scalar?.text, keyFault(key) == nil else {
                let key = pair.key.scalar?.text ?? ""
                report("\(path): the key '\(key)' \(keyFault(key) ?? "is not a text")", at: pair.key)
                continue
            }
            found[key] = text(pair.value, at: path + "." + key, valueFault)
        }
        return found
    }

    // MARK: Scalars

    mutating func text(_ node: YAMLNode, at path: String, _ fault: (String) -> String?) -> String? {
        guard case .string(let text)? = value(of: node) else {
            let isPlain = node.scalar != nil && !node.isNull && node.tag == nil
            report(
                "\(path) must be a text, not \(kind(of: node))", at: node, hint: isPlain ? "put it in quotes" : nil)
            return nil
        }
        if let fault = fault(text) {
            report("\(path): '\(text)' \(fault)", at: node)
            return nil
        }
        return text
    }

    mutating func word(_ node: YAMLNode, at path: String, of words: [String]) -> String? {
        text(node, at: path) { words.contains($0) ? nil : "is not one of \(words.joined(separator: ", "))" }
    }

    /// A quantity, which may be a number.
    mutating func quantity(_ node: YAMLNode, at path: String) -> String? {
        guard let scalar = node.scalar, !node.isNull, Quantity.isValid(scalar.text), !scalar.text.hasPrefix("-") else {
            report("\(path) must be a quantity such as 500m, 2 or 1Gi", at: node)
            return nil
        }
        return scalar.text
    }

    mutating func flag(_ node: YAMLNode, at path: String) -> Bool? {
        guard case .bool(let flag)? = value(of: node) else {
            report("\(path) must be true or false, not \(kind(of: node))", at: node)
            return nil
        }
        return flag
    }

    private func value(of node: YAMLNode) -> Value? {
        guard node.scalar != nil else { return nil }
        do throws(YAMLError) {
            return try document.value(of: node, .strict)
        } catch {
            // Its message quotes the value, which is not for everybody; what is wanted instead is told by the caller.
            return nil
        }
    }

    private func kind(of node: YAMLNode) -> String {
        switch node.content {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .scalar:
            switch value(of: node) {
            case .null?: "nothing"
            case .bool?: "a boolean"
            case .int?, .double?: "a number"
            case .string?: "a text"
            default: "a value with a tag"
            }
        }
    }
}
