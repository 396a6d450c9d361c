// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

/// The environment of a container, as a kubelet makes it of the pod and of what it refers to.
struct ContainerEnvironment {
    /// The variables.
    private(set) var variables: [String: String] = [:]
    private let pod: Fields
    private let state: ClusterState

    /// Works the variables out; of references that lead nowhere there is no variable.
    init(_ container: Fields, of pod: Fields, in state: ClusterState, apiPort: Int) {
        self.pod = pod
        self.state = state
        for name in ["PORT", "PORT_HTTPS"] { variables["KUBERNETES_SERVICE_\(name)"] = "\(apiPort)" }
        variables["KUBERNETES_SERVICE_HOST"] = "127.0.0.1"
        variables["HOSTNAME"] = pod.spec.hostname.nonEmpty ?? pod.objectName
        for source in container.envFrom.list {
            let found = contents(.configMaps, source.configMapRef) ?? contents(.secrets, source.secretRef) ?? [:]
            for (key, value) in found { variables[source.prefix.text + key] = value }
        }
        for variable in container.env.list {
            variables[variable.name.text] =
                variable.valueFrom.exists ? value(of: variable.valueFrom) : expand(variable["value"].text)
        }
    }

    /// The command line of a container, with the variables in their places.
    func commandLine(of container: Fields) -> [String] {
        (container.command.list + container.args.list).map { expand($0.text) }
    }

    private func value(of source: Fields) -> String? {
        if source.configMapKeyRef.exists {
            return contents(.configMaps, source.configMapKeyRef)?[source.configMapKeyRef.key.text]
        }
        if source.secretKeyRef.exists {
            return contents(.secrets, source.secretKeyRef)?[source.secretKeyRef.key.text]
        }
        return field(source.fieldRef.fieldPath.text)
    }

    private func contents(_ resource: GroupResource, _ reference: Fields) -> [String: String]? {
        guard reference.exists,
            let object = state.object(resource, namespace: pod.objectNamespace, reference.name.text)
        else { return nil }
        var contents: [String: String] = [:]
        for (key, value) in object.data.entries {
            guard resource == .secrets else {
                contents[key] = value.string
                continue
            }
            // What is stored was checked to be base64.
            contents[key] = (try? Base64.decode(value.string ?? "")).map { String(decoding: $0, as: UTF8.self) }
        }
        return contents
    }

    /// A field of the pod, as a `fieldRef` names it; nil for those that there are not.
    private func field(_ path: String) -> String? {
        for map in ["labels", "annotations"] {
            let prefix = "metadata.\(map)['"
            guard path.hasPrefix(prefix), path.hasSuffix("']") else { continue }
            return pod.metadata[map][String(path.dropFirst(prefix.count).dropLast(2))].text
        }
        return pod.value?[path: path.split(separator: ".").map(String.init)]?.string
    }

    /// A text with `$(NAME)` replaced; `$$` stands for a dollar, and what is not known stays.
    func expand(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
            } else if rest.first == "(", let end = rest.firstIndex(of: ")") {
                let name = String(rest[..<end].dropFirst())
                result += variables[name] ?? "$(\(name))"
                rest = rest[end...].dropFirst()
            } else {
                result += "$"
            }
        }
        return result + rest
    }
}
