// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
import Values

/// One rendering of a deployment, numbered from 1: enough to apply it again without the plan's files.
public struct Revision: Sendable, Hashable {
    /// The schema this version writes; a higher one is refused.
    public static let schemaVersion = 1

    /// The deployment's name.
    public var deployment: String
    /// The namespace of the deployment's records.
    public var namespace: String
    /// The number, counted per deployment.
    public var number: Int
    /// When it was made.
    public var createdAt: Timestamp
    /// The id of the job that made it.
    public var job: String
    /// The chart's name.
    public var chartName: String
    /// The chart's version.
    public var chartVersion: String
    /// The version of the tool that rendered it.
    public var toolVersion: String
    /// The digest of the plan.
    public var planDigest: String
    /// The plan as text, its secrets masked.
    public var plan: String
    /// The components in plan order, with what each one waits for.
    public var components: [Component]
    /// The rendered objects but for definitions, in the order of rendering.
    public var manifests: [Manifest]
    /// The rendered CustomResourceDefinitions, by digest only: they would fill the record.
    public var definitions: [Definition]

    /// A component as it was rendered.
    public struct Component: Sendable, Hashable {
        /// The component's name.
        public var name: String
        /// The components that must be ready before it.
        public var dependsOn: [String]
        /// What the cluster can have only once and this component brings: see `Rollout`'s `Singleton`.
        public var singleton: String?

        /// Describes a component.
        public init(name: String, dependsOn: [String] = [], singleton: String? = nil) {
            self.name = name
            self.dependsOn = dependsOn
            self.singleton = singleton
        }
    }

    /// A rendered object of a component.
    public struct Manifest: Sendable, Hashable {
        /// The component it belongs to.
        public var component: String
        /// The object as rendered.
        public var object: KubernetesObject

        /// Names the component of an object.
        public init(component: String, object: KubernetesObject) {
            self.component = component
            self.object = object
        }
    }

    /// A rendered definition of which only the digest is kept.
    public struct Definition: Sendable, Hashable {
        /// The component it belongs to.
        public var component: String
        /// The definition's name.
        public var name: String
        /// The hash of the rendered definition, as `ContentHash.spec` makes it.
        public var digest: String

        /// Names a definition.
        public init(component: String, name: String, digest: String) {
            self.component = component
            self.name = name
            self.digest = digest
        }
    }

    /// Makes a revision.
    public init(
        deployment: String, namespace: String, number: Int, createdAt: Timestamp, job: String, chartName: String,
        chartVersion: String, toolVersion: String, planDigest: String, plan: String, components: [Component],
        manifests: [Manifest], definitions: [Definition]
    ) {
        self.deployment = deployment
        self.namespace = namespace
        self.number = number
        self.createdAt = createdAt
        self.job = job
        self.chartName = chartName
        self.chartVersion = chartVersion
        self.toolVersion = toolVersion
        self.planDigest = planDigest
        self.plan = plan
        self.components = components
        self.manifests = manifests
        self.definitions = definitions
    }
}

extension Revision {
    /// The part of the record that is readable without expanding the manifests.
    var header: Mapping {
        var fields: Mapping = [
            "schema": .int(Int64(Self.schemaVersion)), "deployment": .string(deployment),
            "namespace": .string(namespace), "number": .int(Int64(number)),
        ]
        fields.set("createdAt", createdAt)
        fields.set("job", job)
        fields.set("chartName", chartName)
        fields.set("chartVersion", chartVersion)
        fields.set("toolVersion", toolVersion)
        fields.set("planDigest", planDigest)
        fields["components"] = .array(
            components.map { component in
                var fields: Mapping = ["name": .string(component.name)]
                fields.set("dependsOn", component.dependsOn)
                fields.set("singleton", component.singleton)
                return .mapping(fields)
            })
        fields.set(
            "definitions",
            definitions.map {
                ["component": .string($0.component), "name": .string($0.name), "digest": .string($0.digest)]
            })
        return fields
    }

    /// The part that is compressed: each distinct object once, and who has it.
    var payload: Value {
        var objects = Mapping()
        var members: [Value] = []
        for manifest in manifests {
            let hash = ContentHash.of(manifest.object.value)
            objects[hash] = manifest.object.value
            members.append([.string(manifest.component), .string(hash)])
        }
        return ["plan": .string(plan), "objects": .mapping(objects), "members": .array(members)]
    }

    init(header fields: FieldReader, payload: Value) throws(FieldReader.Problem) {
        let body = try FieldReader(payload, path: "manifests")
        guard let objects = payload["objects"]?.mapping, let members = payload["members"]?.array else {
            throw FieldReader.Problem(message: "manifests has no objects")
        }
        var manifests: [Manifest] = []
        for member in members {
            guard let component = member[0]?.string, let hash = member[1]?.string, let object = objects[hash] else {
                throw FieldReader.Problem(message: "manifests names an object that is not there")
            }
            manifests.append(Manifest(component: component, object: KubernetesObject(object)))
        }
        self.init(
            deployment: try fields.string("deployment"), namespace: try fields.string("namespace"),
            number: try fields.int("number"), createdAt: try fields.time("createdAt"),
            job: try fields.optionalString("job") ?? "", chartName: try fields.optionalString("chartName") ?? "",
            chartVersion: try fields.optionalString("chartVersion") ?? "",
            toolVersion: try fields.optionalString("toolVersion") ?? "",
            planDigest: try fields.optionalString("planDigest") ?? "", plan: try body.string("plan"),
            components: try fields.list("components") { (fields) throws(FieldReader.Problem) in
                Component(
                    name: try fields.string("name"), dependsOn: try fields.strings("dependsOn"),
                    singleton: try fields.optionalString("singleton"))
            }, manifests: manifests,
            definitions: try fields.list("definitions") { (fields) throws(FieldReader.Problem) in
                Definition(
                    component: try fields.string("component"), name: try fields.string("name"),
                    digest: try fields.string("digest"))
            })
    }
}
