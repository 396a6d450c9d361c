// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats
import Values

extension PodShaping {
    /// Adds CPU, memory and devices, each where a container says nothing of it.
    ///
    /// Neither request nor limit is added to the other one of a task, which it might contradict. Devices are for the
    /// training alone: a container beside it would take another one for itself.
    mutating func addResources() {
        let resources = policy.resources
        eachContainer { container, place, changes in
            var own = container["resources"]?.mapping ?? Mapping()
            let stated = Set(["requests", "limits"].flatMap { own[$0]?.mapping?.keys ?? [] })
            var added: [String] = []
            for (key, sizes) in [("requests", resources.requests), ("limits", resources.limits)] {
                var block = own[key]?.mapping ?? Mapping()
                for (name, size) in sizes.sorted(by: { $0.key < $1.key })
                where !stated.contains(name) && (place.isTrainer || !Names.isDevice(name)) {
                    block[name] = .string(size)
                    added.append("\(key).\(name)=\(size)")
                }
                if !block.isEmpty { own[key] = .mapping(block) }
            }
            guard !added.isEmpty else { return }
            container["resources"] = .mapping(own)
            changes.append("resources of \(place): \(added.joined(separator: ", "))")
        }
    }

    /// Adds where the pod may run.
    mutating func addScheduling() {
        var selector = spec["nodeSelector"]?.mapping ?? Mapping()
        for (key, value) in policy.nodeSelector.sorted(by: { $0.key < $1.key }) where !selector.contains(key) {
            selector[key] = .string(value)
            changes.append("nodeSelector: \(key)=\(value)")
        }
        if !selector.isEmpty { spec["nodeSelector"] = .mapping(selector) }
        var tolerations = spec["tolerations"]?.array ?? []
        for toleration in policy.tolerations where !tolerations.contains(.mapping(toleration)) {
            tolerations.append(.mapping(toleration))
            changes.append("tolerations: added \(toleration["key"]?.string ?? "all taints")")
        }
        if !tolerations.isEmpty { spec["tolerations"] = .array(tolerations) }
        if let name = policy.runtimeClassName, spec["runtimeClassName"]?.string?.isEmpty ?? true {
            spec["runtimeClassName"] = .string(name)
            changes.append("runtimeClassName: \(name)")
        }
    }

    /// Mounts memory at `/dev/shm`, where containers mount nothing themselves: data loaders fill the runtime's 64 MiB.
    mutating func addSharedMemory() {
        guard let size = policy.shmSize else { return }
        var volumes = spec["volumes"]?.array ?? []
        let taken = Set(volumes.compactMap { $0["name"]?.string })
        var name = "shm"
        var number = 1
        while taken.contains(name) {
            number += 1
            name = "shm-\(number)"
        }
        var isUsed = false
        eachContainer { container, place, changes in
            var mounts = container["volumeMounts"]?.array ?? []
            let isMounted = mounts.contains {
                FolderPath($0["mountPath"]?.string ?? "")?.description == "/dev/shm"
            }
            guard !place.isInit, !isMounted else { return }
            isUsed = true
            mounts.append(["name": .string(name), "mountPath": "/dev/shm"])
            container["volumeMounts"] = .array(mounts)
            changes.append("/dev/shm of \(place): \(size)")
        }
        guard isUsed else { return }
        volumes.append(["name": .string(name), "emptyDir": ["medium": "Memory", "sizeLimit": .string(size)]])
        spec["volumes"] = .array(volumes)
    }

    /// Adds environment variables that a container does not set itself.
    mutating func addVariables() {
        let variables = policy.env
        eachContainer { container, place, changes in
            var own = container["env"]?.array ?? []
            let stated = Set(own.compactMap { $0["name"]?.string })
            let missing = variables.filter { !stated.contains($0.name) }
            guard !missing.isEmpty else { return }
            own += missing.map { ["name": .string($0.name), "value": .string($0.value)] }
            container["env"] = .array(own)
            // Names alone: annotations are read by more people than environments.
            changes.append("env of \(place): \(missing.map(\.name).joined(separator: ", "))")
        }
    }

    /// Adds labels that the pod has not.
    mutating func addLabels() {
        for (key, value) in policy.labels.sorted(by: { $0.key < $1.key })
        where labels[key] == nil && key != JobContract.appLabel {
            labels[key] = value
            changes.append("label \(key)=\(value)")
        }
    }
}
