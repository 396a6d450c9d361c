// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension PodShaping {
    /// The user of a training at `restricted`, and its groups: any but root's will do, and it is that of the flow services.
    static let user: Int64 = 10001

    /// Capabilities that root keeps at `baseline`: stock trainers are root, and read data that belongs to others.
    private static let rootCapabilities: [Value] = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"]

    /// Adds the security contexts of the policy's level, as the charts have them for their own pods.
    mutating func addSecurityContexts(hasSeccompField: Bool) {
        guard let level = policy.podSecurity, level != .privileged else { return }
        var wanted: [(String, Value)] = []
        // Where the cluster chooses ids, it chooses the profile too.
        if level != .openshift, hasSeccompField {
            wanted.append(("seccompProfile", ["type": "RuntimeDefault"]))
        }
        if level != .baseline { wanted.append(("runAsNonRoot", true)) }
        if level == .restricted {
            wanted += ["runAsUser", "runAsGroup", "fsGroup"].map { ($0, .int(Self.user)) }
        }
        var context = spec["securityContext"]?.mapping ?? Mapping()
        let added = Self.fill(&context, wanted)
        if !added.isEmpty {
            spec["securityContext"] = .mapping(context)
            changes.append("securityContext of the pod: \(added.joined(separator: ", "))")
        }
        addContainerContexts(level)
    }

    private mutating func addContainerContexts(_ level: JobPolicy.PodSecurity) {
        eachContainer { container, place, changes in
            var context = container["securityContext"]?.mapping ?? Mapping()
            var capabilities = context["capabilities"]?.mapping ?? Mapping()
            let dropped = capabilities["drop"]?.array ?? []
            var wanted: [(String, Value)] = [("allowPrivilegeEscalation", false)]
            if level == .baseline {
                wanted.append(("capabilities", ["drop": ["ALL"], "add": .array(Self.rootCapabilities)]))
            } else if !dropped.contains("ALL") {
                // A task that drops some keeps none of the others either.
                capabilities["drop"] = .array(dropped + ["ALL"])
                context["capabilities"] = nil
                wanted.append(("capabilities", .mapping(capabilities)))
            }
            let added = Self.fill(&context, wanted)
            guard !added.isEmpty else { return }
            container["securityContext"] = .mapping(context)
            changes.append("securityContext of \(place): \(added.joined(separator: ", "))")
        }
    }

    /// Sets what is not stated, and tells what it was.
    private static func fill(_ context: inout Mapping, _ wanted: [(String, Value)]) -> [String] {
        var added: [String] = []
        for (key, value) in wanted where !context.contains(key) {
            context[key] = value
            added.append(key)
        }
        return added
    }
}
