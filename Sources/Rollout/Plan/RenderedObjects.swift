// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records
import Values

/// The rendered objects of a request, sorted into what is kept in a state, what is run and what makes the namespace.
struct RenderedObjects: Sendable {
    /// An object with its component and stage.
    struct Member: Sendable {
        var component: String
        var stage: Stage
        var manifest: KubernetesObject
        var keep: Keep?
        var identity: ObjectIdentity { ObjectIdentity(manifest.key) }

        init(component: String, stage: Stage, manifest: KubernetesObject, keep: Keep?) {
            self.component = component
            self.stage = stage
            self.manifest = manifest
            self.keep = keep
        }

        /// The object of an earlier decision.
        init(_ object: PlannedObject) {
            self.init(
                component: object.component, stage: object.stage, manifest: object.manifest, keep: object.keep)
        }
    }

    private(set) var members: [Member] = []
    private(set) var hooks: [PlannedHook] = []
    /// The deployment's own namespace as rendered: it is made before anything else and is in no inventory.
    private(set) var namespace: KubernetesObject?
    /// Kinds whose definitions are among the objects, and whether their objects live in namespaces.
    private(set) var definedKinds: [GroupKind: Bool] = [:]
    private(set) var problems: [Cause] = []

    /// Sorts the objects; discovery says which kinds live in namespaces.
    init(_ request: RolloutRequest, ownership: Ownership, discovery: Discovery) async throws {
        for component in request.components {
            for object in component.objects where object.groupVersionKind.kind == "CustomResourceDefinition" {
                let group = object["spec", "group"]?.string ?? ""
                let kind = object["spec", "names", "kind"]?.string ?? ""
                definedKinds[GroupKind(group: group, kind: kind)] = object["spec", "scope"]?.string == "Namespaced"
            }
        }
        var seen: [ObjectIdentity: String] = [:]
        for component in request.components {
            let servesWebhooks = Stage.servesWebhooks(component.objects)
            for rendered in component.objects {
                guard let placed = try await place(rendered, component: component.name, request, discovery) else {
                    continue
                }
                if placed.kind == "Namespace", placed.name == request.namespace {
                    namespace = placed
                    continue
                }
                if let first = seen.updateValue(component.name, forKey: ObjectIdentity(placed.key)) {
                    problems.append(
                        Cause(
                            component: component.name, object: placed.key.description,
                            code: ExitCode.invalidPlan.rawValue,
                            message: "\(placed.key.description) is rendered twice: by \(first) and by \(component.name)"
                        ))
                    continue
                }
                let manifest = ownership.manifest(placed, component: component.name)
                if let hook = placed.annotations["helm.sh/hook"] {
                    addHook(hook, manifest, component: component.name)
                } else {
                    members.append(
                        Member(
                            component: component.name,
                            stage: Stage(of: placed.key.kind.groupKind, servesWebhooks: servesWebhooks),
                            manifest: manifest, keep: Retention.reason(of: placed)))
                }
            }
        }
        keepCredentials()
    }

    /// Secrets that hold the credentials of data stay with the data: a database knows only its first password.
    private mutating func keepCredentials() {
        let credentials = Retention.credentials(among: members.map { ($0.component, $0.manifest) })
        for index in members.indices where members[index].keep == nil && credentials.contains(members[index].identity) {
            members[index].keep = .data
        }
    }

    /// The object in its namespace; nil with a problem noted when it cannot be addressed.
    private mutating func place(
        _ rendered: KubernetesObject, component: String, _ request: RolloutRequest, _ discovery: Discovery
    ) async throws -> KubernetesObject? {
        guard !rendered.name.isEmpty, !rendered.kind.isEmpty, !rendered.apiVersion.isEmpty else {
            problems.append(
                Cause(
                    component: component, code: ExitCode.invalidPlan.rawValue,
                    message: "\(component) renders an object without apiVersion, kind or name"))
            return nil
        }
        var object = rendered
        let isNamespaced: Bool
        if let defined = definedKinds[rendered.groupVersionKind.groupKind] {
            isNamespaced = defined
        } else {
            do {
                isNamespaced = try await discovery.resource(for: rendered.groupVersionKind).isNamespaced
            } catch let error as DiscoveryError {
                problems.append(
                    contentsOf: RolloutError(error, component: component, object: rendered.key.description).causes)
                return nil
            }
        }
        object.namespace = isNamespaced ? rendered.namespace ?? request.namespace : nil
        return object
    }

    private mutating func addHook(_ text: String, _ manifest: KubernetesObject, component: String) {
        let events = text.split(separator: ",").map { $0.filter { $0 != " " } }
        let weight = manifest.annotations["helm.sh/hook-weight"].flatMap { Int($0) } ?? 0
        // Tests are run by their own command; hooks of rollbacks and deletions belong to those.
        if events.contains("pre-install") || events.contains("pre-upgrade") {
            hooks.append(PlannedHook(component: component, moment: .before, weight: weight, manifest: manifest))
        }
        if events.contains("post-install") || events.contains("post-upgrade") {
            hooks.append(PlannedHook(component: component, moment: .after, weight: weight, manifest: manifest))
        }
    }
}

extension PlannedHook {
    /// Whether the hook runs at a first installation of its component, or at an upgrade of it.
    func runs(atInstallation: Bool) -> Bool {
        let events = (manifest.annotations["helm.sh/hook"] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        return events.contains((moment == .before ? "pre-" : "post-") + (atInstallation ? "install" : "upgrade"))
    }
}
