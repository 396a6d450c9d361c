// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The types of what shaping looks at in a pod: the API server would refuse other ones, but only after a rule had looked
/// past them.
indirect enum TemplateShape: Sendable {
    case text
    case texts
    case list(of: TemplateShape)
    case object([String: TemplateShape])
    /// Looked at where it is used.
    case anything

    private static let seccomp = object(["type": text])
    private static let securityContext: [String: TemplateShape] = [
        "seccompProfile": seccomp, "appArmorProfile": seccomp, "seLinuxOptions": object([:]),
        "windowsOptions": object([:]),
    ]
    private static let probe = object(["httpGet": object(["host": text]), "tcpSocket": object(["host": text])])

    private static let container: [String: TemplateShape] = [
        "name": text, "image": text, "command": texts, "args": texts,
        "env": list(of: object(["name": text, "valueFrom": object([:])])), "envFrom": list(of: object([:])),
        "ports": list(of: object([:])),
        "volumeMounts": list(of: object(["name": text, "mountPath": text])),
        "resources": object(["requests": object([:]), "limits": object([:])]),
        "securityContext": object(
            securityContext.merging(
                ["capabilities": object(["add": texts, "drop": texts]), "procMount": text], uniquingKeysWith: { $1 })),
        "lifecycle": object(["postStart": probe, "preStop": probe]), "livenessProbe": probe, "readinessProbe": probe,
        "startupProbe": probe,
    ]

    private static let pod = object([
        "containers": list(of: object(container)), "initContainers": list(of: object(container)),
        "ephemeralContainers": list(of: object([:])),
        "volumes": list(
            of: object([
                "name": text, "hostPath": object(["path": text]), "persistentVolumeClaim": object(["claimName": text]),
                "projected": object(["sources": list(of: object([:]))]), "image": object(["reference": text]),
            ])),
        "imagePullSecrets": list(of: object(["name": text])), "nodeSelector": object([:]),
        "tolerations": list(of: object([:])), "runtimeClassName": text, "serviceAccountName": text,
        "serviceAccount": text, "hostAliases": list(of: object(["ip": text, "hostnames": texts])),
        "securityContext": object(
            securityContext.merging(["sysctls": list(of: object(["name": text]))], uniquingKeysWith: { $1 })),
    ])

    /// The `spec` of a pod, without nulls, with everything that shaping looks at of the right type.
    static func checked(_ spec: Value) throws(JobRefusal) -> Mapping {
        let spec = spec.droppingNulls()
        try pod.check(spec, at: "spec.template.spec")
        return spec.mapping ?? Mapping()
    }

    private func check(_ value: Value, at path: String) throws(JobRefusal) {
        switch (self, value) {
        case (.anything, _), (.text, .string): break
        case (.texts, .array(let elements)):
            for (index, element) in elements.enumerated() { try Self.text.check(element, at: "\(path)[\(index)]") }
        case (.list(let shape), .array(let elements)):
            for (index, element) in elements.enumerated() { try shape.check(element, at: "\(path)[\(index)]") }
        case (.object(let shapes), .mapping(let mapping)):
            for (key, value) in mapping {
                if let shape = shapes[key] { try shape.check(value, at: "\(path).\(key)") }
            }
        default:
            throw JobRefusal(.invalidSpec, "\(path) must be \(name), not \(value.isNull ? "null" : value.kindName)")
        }
    }

    private var name: String {
        switch self {
        case .text: "a string"
        case .texts, .list: "a list"
        case .object: "an object"
        case .anything: "anything"
        }
    }
}
