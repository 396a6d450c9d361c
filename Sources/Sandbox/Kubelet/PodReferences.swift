// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The ConfigMaps, Secrets and claims that a pod needs, and what is wrong with them.
struct PodReferences {
    private let pod: Fields
    private let state: ClusterState

    init(_ pod: Fields, in state: ClusterState) {
        self.pod = pod
        self.state = state
    }

    /// Why a volume cannot be mounted, as the kubelet's event says; nil when all can.
    var volumeProblem: String? {
        for volume in pod.spec.volumes.list {
            let name = volume.name.text
            var problem = problem(source: volume.configMap, .configMaps, name: volume.configMap.name)
            problem = problem ?? self.problem(source: volume.secret, .secrets, name: volume.secret.secretName)
            for source in volume.projected.sources.list where problem == nil {
                problem =
                    self.problem(source: source.configMap, .configMaps, name: source.configMap.name)
                    ?? self.problem(source: source.secret, .secrets, name: source.secret.name)
            }
            if let problem { return "MountVolume.SetUp failed for volume \"\(name)\" : \(problem)" }
        }
        return nil
    }

    /// Why a container cannot be created, as its state's message says; nil when it can.
    func environmentProblem(of container: Fields) -> String? {
        for source in container.envFrom.list {
            if let problem = missing(.configMaps, source.configMapRef) ?? missing(.secrets, source.secretRef) {
                return problem
            }
        }
        for variable in container.env.list {
            let source = variable.valueFrom
            if let problem = missingKey(.configMaps, source.configMapKeyRef)
                ?? missingKey(.secrets, source.secretKeyRef)
            {
                return problem
            }
        }
        return nil
    }

    private func word(_ resource: GroupResource) -> String { resource == .secrets ? "secret" : "configmap" }

    private func find(_ resource: GroupResource, _ name: String) -> Fields? {
        state.object(resource, namespace: pod.objectNamespace, name)
    }

    private func missing(_ resource: GroupResource, _ reference: Fields) -> String? {
        guard reference.exists, !reference.optional.isTrue, find(resource, reference.name.text) == nil else {
            return nil
        }
        return "\(word(resource)) \"\(reference.name.text)\" not found"
    }

    private func missingKey(_ resource: GroupResource, _ reference: Fields) -> String? {
        if let problem = missing(resource, reference) { return problem }
        guard reference.exists, !reference.optional.isTrue, let object = find(resource, reference.name.text),
            !Self.keys(of: object).contains(reference.key.text)
        else { return nil }
        let kind = resource == .secrets ? "Secret" : "ConfigMap"
        return "couldn't find key \(reference.key.text) in \(kind) \(pod.objectNamespace)/\(reference.name.text)"
    }

    private func problem(source: Fields, _ resource: GroupResource, name: Fields) -> String? {
        guard source.exists, !source.optional.isTrue else { return nil }
        guard let object = find(resource, name.text) else { return "\(word(resource)) \"\(name.text)\" not found" }
        let keys = Self.keys(of: object)
        for item in source.items.list where !keys.contains(item.key.text) {
            return "references non-existent \(resource == .secrets ? "secret" : "config") key: \(item.key.text)"
        }
        return nil
    }

    private static func keys(of object: Fields) -> Set<String> {
        Set(object.data.entries.keys + object.binaryData.entries.keys)
    }
}
