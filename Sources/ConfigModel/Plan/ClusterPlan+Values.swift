// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

extension ClusterPlan {
    /// The values of the bundled chart on Kubernetes 1.`kubernetesMinor`: the contract of `docs/architecture.md`.
    ///
    /// Generated secrets are not in them: see ``secretValues``.
    public func chartValues(kubernetesMinor: Int = newestKubernetesMinor) -> Value {
        var values: Mapping = ["global": .mapping(globalValues)]
        for module in Module.allCases {
            values[module.name] = .mapping(self.values(of: module, kubernetesMinor: kubernetesMinor))
        }
        return .mapping(values)
    }

    private var globalValues: Mapping {
        var global: Mapping = [
            "deployment": .string(name), "role": .string(role.rawValue), "partyId": .string(partyID ?? ""),
        ]
        for key in [
            "clusterDomain", "clusterScoped", "registry", "registryMirrors", "podSecurity", "pullPolicy",
            "imagePullSecrets", "persistence", "commonLabels", "commonAnnotations", "endpoint", "egress",
        ] {
            global[key] = value[key]
        }
        global["jobsNamespace"] = .string(jobsNamespace)
        global["jobs"] = .mapping(trainingSettings)
        global["dns"] = ["mode": .string(nameResolution.rawValue)]
        var ingress = value["ingress"] ?? [:]
        ingress["clients"] = .bool(publishesClients)
        global["ingress"] = ingress
        global["database"] = database
        return global
    }

    /// Where the flow services find their schema.
    private var database: Value {
        if let external = externalDatabase {
            return [
                "host": .string(external.host), "port": .int(Int64(external.port)), "name": .string(external.name),
                "user": .string(external.user), "secretName": .string(external.passwordSecret), "secretKey": "password",
            ]
        }
        return [
            "host": "mysql", "port": 3306, "name": role == .server ? "flow_server" : "flow_federate", "user": "flow",
            "secretName": .string(ownSecret(of: .mysql) ?? "mysql-auth"), "secretKey": "password",
        ]
    }

    private func values(of module: Module, kubernetesMinor: Int) -> Mapping {
        var values: Mapping = ["enabled": .bool(modules.contains(module))]
        for (key, value) in block(of: module) where !["image", "imageTag", "values"].contains(key) {
            values[key] = value
        }
        var result = Value.mapping(values)
        for part in ["aggregator", "relay"] {
            result.set(nil, at: [part, "image"])
            result.set(nil, at: [part, "imageTag"])
        }
        removeDefaultResources(of: PlanSchema.block(module), from: &result)
        for image in images(of: module, kubernetesMinor: kubernetesMinor) {
            result.set(.string(image.target), at: image.valuesPath.dropFirst())
        }
        return Self.merged(result, with: block(of: module)["values"] ?? [:]).mapping ?? [:]
    }

    /// Says null for the chart's default resources that the plan leaves out: Helm merges mappings, and a default limit below
    /// a request of the plan's would make a pod that no cluster accepts.
    private func removeDefaultResources(of block: Field, at path: [String] = [], from values: inout Value) {
        for field in block.type.fields ?? [] {
            guard field.key == "resources" else {
                if path.isEmpty { removeDefaultResources(of: field, at: [field.key], from: &values) }
                continue
            }
            for (kind, amounts) in field.defaultValue?.mapping ?? [:] {
                for (name, _) in amounts.mapping ?? [:] {
                    let place = path + ["resources", kind, name]
                    if values[path: place] == nil { values.set(.null, at: place) }
                }
            }
        }
    }

    /// The values with others laid over them, mapping by mapping; all else is replaced.
    private static func merged(_ base: Value, with top: Value) -> Value {
        guard var result = base.mapping, let changes = top.mapping else { return top }
        for (key, value) in changes { result[key] = result[key].map { merged($0, with: value) } ?? value }
        return .mapping(result)
    }
}
