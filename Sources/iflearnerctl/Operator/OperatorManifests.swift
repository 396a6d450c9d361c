// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import ConfigModel
import Deployment

/// `operator manifests`: the controller without a plan.
struct OperatorManifests: ProgramCommand {
    static let manual = Manual(
        "manifests", summary: "Print the manifests of the controller, for those who do not use a plan",
        discussion: """
            The definition of IflearnerJobs, the rights and the Deployment of the controller; the same on every machine, no \
            cluster is needed. With --watch-namespace a Role in each of these namespaces is all the rights it gets. Beware of \
            deleting the definition: all jobs go with it.
            """,
        examples: [
            .init("iflearnerctl operator manifests | kubectl apply -f -", "Install it in the namespace default."),
            .init(
                "iflearnerctl operator manifests -n jobs --watch-namespace jobs --image registry.lan/iflearnerctl:0.2.0",
                "One namespace only, with an image of one's own."),
            .init(
                "iflearnerctl operator manifests --crds omit | kubectl delete -f -",
                "Remove it; the definition stays, and with it all jobs."),
        ])
    static let parameters: [Parameter<OperatorManifests>] =
        [
            .option("image", nil, \.image, "IMAGE", "The image of the controller, instead of the chart's."),
            .options(
                "watch-namespace", nil, \.watchNamespaces, "NAME",
                "Run the jobs of this namespace only; may be repeated."),
            .option("crds", nil, \.crds, "WHICH", "What becomes of the definition (default include)."),
            .option("kube-version", nil, \.release, "V", "The Kubernetes release to render for (default 1.33)."),
        ] + GlobalOptions.lifted(\.global)

    enum Definitions: String, CaseIterable, ArgumentValue { case include, only, omit }

    var image: String?
    var watchNamespaces: [String] = []
    var crds = Definitions.include
    var release: KubernetesRelease?
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let documents = try PlanRenderer(release: release ?? .assumed).renderOperator(
            namespace: global.namespace ?? "default", image: image, watching: watchNamespaces)
        for document in documents {
            let isDefinition = document.object.kind == "CustomResourceDefinition"
            guard crds == .include || isDefinition == (crds == .only) else { continue }
            context.output.resultBytes(ClusterRender.text(of: document))
        }
        return .success
    }
}
