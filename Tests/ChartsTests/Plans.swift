// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Synchronization
import Templating
import Values

/// The plans of `Plans/`, rendered as the program renders them.
enum Plans {
    /// The names of the plans; a failure to list them is seen by a test.
    static let names: [String] = {
        switch Result(catching: { try Repository.files(below: Repository.tests + "/Plans") }) {
        case .success(let files): files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
        case .failure: []
        }
    }()

    /// The passwords and keys that stand for generated ones.
    static let secrets = [
        "root-password": "Kanarienvogel-1", "password": "Kanarien\"vogel'\\$2<&>", "ca": "Kanarienvogel-ca",
        "cert": "Kanarienvogel-3", "key": "Kanarienvogel-4",
    ]

    static func plan(_ name: String) throws -> ClusterPlan {
        try PlanSource(Repository.bytes(Repository.tests + "/Plans/\(name).yaml"), file: "\(name).yaml").plan()
    }

    static func plan(text: String) throws -> ClusterPlan {
        try PlanSource(Array(text.utf8), file: "plan.yaml").plan()
    }

    /// A server's plan with these lines.
    static func server(_ lines: String = "") throws -> ClusterPlan {
        try plan(text: "name: lungnet\nnamespace: iflearner\nrole: server\n" + lines)
    }

    /// A federate's plan with these lines.
    static func federate(_ lines: String = "") throws -> ClusterPlan {
        try plan(
            text: "name: lungnet\nnamespace: fl\nrole: federate\npartyId: party-a\n"
                + "flow-federate: {serverAddress: 'fl.example:32235'}\n" + lines)
    }

    /// A federate's plan with a relay, with these lines, and these keys of `egress`.
    static func relayed(_ lines: String = "", _ egress: String = "noProxy: []") throws -> ClusterPlan {
        try plan(
            text: "name: lungnet\nnamespace: fl\nrole: federate\npartyId: party-a\n"
                + "flow-federate: {serverAddress: 'fl.example:32235', trainingAddress: 'fl.example:443'}\n"
                + "egress: {mode: relay, proxy: 'http://proxy.example:3128', \(egress)}\n" + lines)
    }

    /// The chart's values of a plan, with secrets.
    static func values(of plan: ClusterPlan, minor: Int) -> Value {
        var values = plan.chartValues(kubernetesMinor: minor)
        for secret in plan.secretValues {
            for path in secret.valuesPaths {
                switch secret.kind {
                case .password(let key): values.set(.string(secrets[key] ?? ""), at: path)
                case .webhookCertificate:
                    for key in ["ca", "cert", "key"] { values.set(.string(secrets[key] ?? ""), at: path + [key]) }
                }
            }
        }
        return values
    }
}

/// The objects of a rendering.
struct Rendering: Sendable {
    var objects: [RenderedObject]
    var hooks: [RenderedObject]
    var text: [UInt8]

    init(_ plan: ClusterPlan, minor: Int = 36) throws {
        try self.init(
            values: Plans.values(of: plan, minor: minor), name: plan.name, namespace: plan.namespace,
            capabilities: Discovery.capabilities(minor: minor))
    }

    init(
        values: Value, name: String = "lungnet", namespace: String = "iflearner",
        capabilities: Capabilities = Discovery.capabilities(minor: 36)
    ) throws {
        let release = try ReleaseRenderer(capabilities: capabilities).render(
            try Repository.chart.get(), values: values,
            release: ReleaseOptions(name: name, namespace: namespace))
        objects = release.manifests.filter { !$0.value.isNull }.map(RenderedObject.init)
        hooks = release.hooks.map(RenderedObject.init)
        text = release.text()
    }

    private struct Key: Hashable {
        let name: String
        let minor: Int
    }

    private static let done = Mutex<[Key: Rendering]>([:])

    /// A plan of `Plans/`, rendered once for all tests.
    static func of(_ name: String, minor: Int = 36) throws -> Rendering {
        let key = Key(name: name, minor: minor)
        if let found = done.withLock({ $0[key] }) { return found }
        let rendering = try Rendering(try Plans.plan(name), minor: minor)
        done.withLock { $0[key] = rendering }
        return rendering
    }

    func of(kind: String) -> [RenderedObject] { objects.filter { $0.kind == kind } }

    func callAsFunction(_ kind: String, _ name: String) -> RenderedObject? {
        objects.first { $0.kind == kind && $0.name == name }
    }
}

/// One rendered object.
struct RenderedObject: Sendable, CustomStringConvertible {
    let value: Value
    /// The sub-chart that it comes from.
    let component: String

    init(_ manifest: RenderedManifest) {
        value = manifest.value
        let parts = manifest.source.split(separator: "/")
        component = parts.count > 2 && parts[1] == "charts" ? String(parts[2]) : ""
    }

    var kind: String { value["kind"]?.string ?? "" }
    var name: String { value[path: "metadata", "name"]?.string ?? "" }
    var namespace: String? { value[path: "metadata", "namespace"]?.string }
    var labels: Mapping { value[path: "metadata", "labels"]?.mapping ?? [:] }
    var annotations: Mapping { value[path: "metadata", "annotations"]?.mapping ?? [:] }
    /// What no two objects of a cluster share.
    var identity: String { "\(kind) \(namespace.map { $0 + "/" } ?? "")\(name)" }
    var description: String { identity }

    subscript(path: String...) -> Value? { value[path: path] }

    /// The pod template of a workload.
    var podTemplate: Value? {
        switch kind {
        case "Deployment", "StatefulSet", "Job": value[path: "spec", "template"]
        case "CronJob": value[path: "spec", "jobTemplate", "spec", "template"]
        default: nil
        }
    }

    var podSpec: Value? { podTemplate?["spec"] }

    var containers: [Value] { podSpec?["containers"]?.array ?? [] }
}

extension Value {
    /// All texts in it, keys too.
    var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let items): items.flatMap(\.texts)
        case .mapping(let mapping): mapping.flatMap { [$0.key] + $0.value.texts }
        default: []
        }
    }

    /// The strings of a list.
    var strings: [String] { array?.compactMap(\.string) ?? [] }

    /// Whether every entry of a mapping of labels is in the other.
    func isSubset(of labels: Value?) -> Bool {
        guard let own = mapping, let labels else { return false }
        return !own.isEmpty && own.allSatisfy { labels[$0.key] == $0.value }
    }
}
