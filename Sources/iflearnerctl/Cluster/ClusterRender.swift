// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Arguments
import ClusterAPI
import ConfigModel
public import Deployment
import FoundationEssentials
import Rollout

/// `cluster render`: the manifests of a plan, without a cluster.
struct ClusterRender: ProgramCommand {
    static let manual = Manual(
        "render", summary: "Print the manifests of a plan; no cluster is needed",
        discussion: """
            The output is the same on every machine. Secrets are left out and listed on standard error, unless \
            --secrets says otherwise: reference makes everything refer to Secrets that must exist, placeholder \
            prints Secrets with texts to replace.
            """,
        examples: [
            .init("iflearnerctl cluster render -f cluster.yaml", "Everything."),
            .init(
                "iflearnerctl cluster render -f cluster.yaml --scope cluster > for-the-admin.yaml",
                "What lies outside namespaces, for whoever may create it."),
            .init("iflearnerctl cluster render -f cluster.yaml -d out --kube-version 1.21", "A folder per component."),
        ])
    static let parameters: [Parameter<ClusterRender>] =
        PlanOptions.lifted(\.plan) + [
            .option("component", nil, \.component, "NAME", "One component only."),
            .option(
                "scope", nil, \.scope, "SCOPE", "What lies outside namespaces (and the namespace itself), or inside."),
            .option("secrets", nil, \.secrets, "MODE", "What becomes of Secrets."),
            .option("directory", "d", \.directory, "DIR", "Write a folder per component.", completion: .folders),
            .option("kube-version", nil, \.release, "V", "The Kubernetes release to render for (default 1.33)."),
        ] + GlobalOptions.lifted(\.global)

    enum Scope: String, CaseIterable, ArgumentValue { case cluster, namespaced }

    var plan = PlanOptions()
    var component: String?
    var scope: Scope?
    var secrets = SecretMode.omit
    var directory: String?
    var release: KubernetesRelease?
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let plan = try plan.plan(warningsTo: context.output)
        let names = plan.components.map(\.name)
        if let component, !names.contains(component) {
            throw FindingError(what: "component", wanted: component, isAmbiguous: false, candidates: names)
        }
        let renderer = PlanRenderer(release: release ?? .assumed)
        let rendered = try renderer.renderOffline(plan, file: self.plan.file, secrets: secrets)
        for warning in rendered.warnings { context.output.message("warning: \(warning)") }
        let all = scope == .cluster ? [rendered.namespace] + rendered.documents : rendered.documents
        let documents = all.filter { document in
            (component == nil || document.component == component)
                && (scope == nil || document.isClusterScoped == (scope == .cluster))
        }
        let isOmitted = { (document: RenderedDeployment.Document) in
            secrets == .omit && document.object.kind == "Secret"
        }
        for document in documents where isOmitted(document) {
            context.output.message("left out: Secret/\(document.object.name) of \(document.component)")
        }
        if secrets == .reference, plan.secretValues.contains(where: \.isCertificate) {
            context.output.message(
                "left out: the admission webhook of ingress-nginx, whose authority is not known here")
        }
        let shown = documents.filter { !isOmitted($0) }
        guard let directory else {
            for document in shown { context.output.resultBytes(Self.text(of: document)) }
            return .success
        }
        for path in try RenderedFolder(directory).write(shown) { context.output.result(path) }
        return .success
    }

    /// A document with the comment that says where it comes from, as `helm template` prints it.
    static func text(of document: RenderedDeployment.Document) -> [UInt8] {
        var bytes = Array("---\n# Source: \(document.source)\n".utf8) + document.text
        if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        return bytes
    }
}

extension SecretMode: ArgumentValue {}

extension GeneratedSecret {
    fileprivate var isCertificate: Bool { if case .webhookCertificate = kind { true } else { false } }
}

/// A folder per component with a file per object.
struct RenderedFolder {
    private let path: String

    init(_ path: String) { self.path = path }

    /// Writes the documents and gives the paths.
    func write(_ documents: [RenderedDeployment.Document]) throws -> [String] {
        try documents.map { document in
            let folder = document.component.isEmpty ? path : "\(path)/\(document.component)"
            let file = "\(folder)/\(document.object.kind.lowercased())-\(document.object.name).yaml"
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try Data(ClusterRender.text(of: document)).write(to: URL(filePath: file), options: .atomic)
            } catch let error as CocoaError {
                throw DeploymentError(.preflight, "cannot write \(file): \(error.reason)")
            }
            return file
        }
    }
}
