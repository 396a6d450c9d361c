// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A plan to start from: commented, valid as it stands, and of the same tables as everything else.
public struct PlanTemplate: Sendable {
    /// The side of the federation.
    public var role: Role
    /// The deployment's name.
    public var name = "lungnet"
    /// The namespace.
    public var namespace = "iflearner"
    /// The federate id, for a federate.
    public var partyID = "party-a"
    /// Where flow-server is, for a federate.
    public var serverAddress = "fl.coord.example:32235"

    /// Makes a template for a role.
    public init(role: Role) {
        self.role = role
    }

    /// The plan's text, with a final newline.
    public var text: String {
        let title =
            role == .server
            ? "The server side of a federation: what coordinates the training."
            : "A federate: one party of a federation, which dials out to its server side."
        var text =
            "# \(title)\n# Every key is told in docs/plan.md. Install it with: iflearnerctl cluster install -f FILE\n"
        for group in role == .server ? server : federate {
            text += (text.hasSuffix("FILE\n") ? "" : "\n") + Self.aligned(group.map(line))
        }
        return text
    }

    // MARK: What is in it

    /// A line of the template: a key of the schema with a value, or an item of a list.
    private enum Entry {
        /// A key with its value as YAML; the comment is the schema's.
        case key(String, _ value: String)
        /// The same without comment, for keys that speak for themselves.
        case plain(String, _ value: String)
        /// A key that is there to be uncommented.
        case option(String, _ value: String)
        case item(String)
    }

    private var server: [[Entry]] {
        [
            identity, cluster, modules,
            [
                .key("endpoint", ""), .key("endpoint.host", "\"\""), .key("endpoint.flowPort", "32235"),
                .key("endpoint.trainingPort", "30031"), .option("endpoint.extraPorts", "[443]"),
            ],
            [
                .key("flow-server", ""), .key("flow-server.type", "NodePort"),
                .option("flow-server.loadBalancerSourceRanges", "[192.0.2.0/28]"),
                .option("flow-server.resources", "{requests: {cpu: 250m, memory: 512Mi}, limits: {memory: 2Gi}}"),
            ], mysql + [.option("mysql.backup", "{enabled: true, beforeUpgrade: true}")],
            [
                .key("ingress-nginx", ""), .key("ingress-nginx.type", "NodePort"), .key("ingress-nginx.replicas", "2"),
                .key("ingress-nginx.workerShutdownTimeout", "6h"),
            ], jobs,
        ]
    }

    private var federate: [[Entry]] {
        [
            identity + [.key("partyId", partyID)], cluster, modules,
            [
                .key("flow-federate", ""), .key("flow-federate.serverAddress", serverAddress),
                .option("flow-federate.trainingAddress", "fl.coord.example:30031"),
                .key("flow-federate.type", "ClusterIP"),
                .key("flow-federate.restartWhenUnregistered", "true"),
                .option("flow-federate.resources", "{requests: {cpu: 100m, memory: 256Mi}, limits: {memory: 1Gi}}"),
            ], egress, mysql, jobs,
        ]
    }

    private var identity: [Entry] {
        [
            .key("name", name), .key("namespace", namespace), .plain("chartName", PlanSchema.chartName),
            .plain("chartVersion", PlanSchema.chartVersion), .key("role", role.rawValue),
        ]
    }

    private var cluster: [Entry] {
        [
            .key("clusterScoped", "create"), .key("registry", "\"\""),
            .option("registryMirrors", "{ghcr.io: harbor.example/ghcr}"), .key("imagePullSecrets", "[]"),
            .key("pullPolicy", "IfNotPresent"), .key("podSecurity", "baseline"), .key("persistence", "true"),
        ]
    }

    private var modules: [Entry] { [.key("modules", "")] + role.defaultModules.map { .item($0.name) } }

    private var mysql: [Entry] {
        [
            .key("mysql", ""), .key("mysql.storageClass", "\"\""), .key("mysql.size", "10Gi"),
            .key("mysql.existingSecret", "\"\""),
            .option("mysql.external", "{ip: db.example, database: flow, user: flow, passwordSecret: flow-db}"),
        ]
    }

    private var egress: [Entry] {
        [
            .option("egress", "{mode: relay, proxy: \"http://proxy.example:3128\"}"),
            .option("dns", "{mode: hostAliases}"),
        ]
    }

    private var jobs: [Entry] {
        let server = [Entry.option("jobs.evictionGuard", "true")]
        let federate = [
            Entry.option("jobs.shmSize", "8Gi"),
            .option("jobs.data", "[{path: /data/images, existingClaim: training-data}]"),
        ]
        return [
            .key("jobs", ""), .key("jobs.namespace", "default"),
            .option("jobs.allowImages", "[ghcr.io/iflytek/, harbor.example/]"),
            .option("jobs.resources", "{requests: {cpu: \"2\", memory: 4Gi}, limits: {memory: 16Gi}}"),
            .option("jobs.nodeSelector", "{disk: ssd}"),
        ] + (role == .server ? server : federate)
    }

    // MARK: How it is written

    private func line(_ entry: Entry) -> (text: String, comment: String?) {
        switch entry {
        case .item(let text): ("  - " + text, nil)
        case .key(let path, let value): (Self.assignment(path, value), PlanSchema.field(path)?.comment)
        case .plain(let path, let value): (Self.assignment(path, value), nil)
        case .option(let path, let value): (Self.assignment(path, value, mark: "# "), PlanSchema.field(path)?.comment)
        }
    }

    private static func assignment(_ path: String, _ value: String, mark: String = "") -> String {
        let keys = path.split(separator: ".")
        return String(repeating: "  ", count: keys.count - 1) + mark + (keys.last ?? "") + ":"
            + (value.isEmpty ? "" : " " + value)
    }

    /// The lines with their comments in one column; a comment that would run too far stands on a line before.
    private static func aligned(_ lines: [(text: String, comment: String?)]) -> String {
        let column = 34
        let width = 120
        return lines.map { line in
            guard let comment = line.comment?.replacing("`", with: "") else { return line.text + "\n" }
            let gap = max(2, column - line.text.count)
            guard line.text.count + gap + 2 + comment.count <= width else {
                return "\(line.text.prefix { $0 == " " })# \(comment)\n\(line.text)\n"
            }
            return line.text + String(repeating: " ", count: gap) + "# " + comment + "\n"
        }.joined()
    }
}

extension PlanSchema {
    /// The field at a path of keys.
    static func field(_ path: String) -> Field? {
        var fields = root
        var found: Field?
        for key in path.split(separator: ".") {
            guard let field = fields.first(where: { $0.key == key }) else { return nil }
            found = field
            fields = field.type.fields ?? []
        }
        return found
    }
}
