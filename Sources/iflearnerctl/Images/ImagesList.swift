// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Arguments
import ConfigModel
public import Deployment
import Values
import YAMLText

/// `images list`: what to mirror for a plan.
struct ImagesList: ProgramCommand {
    static let manual = Manual(
        "list", aliases: ["ls"], summary: "List the images of a plan: where each comes from, and what pods name",
        examples: [
            .init("iflearnerctl images list -f cluster.yaml", "One image a line: source, a tab, target."),
            .init(
                "iflearnerctl images list -f cluster.yaml --format skopeo | sh", "Copy them into the plan's registries."
            ),
        ])
    static let parameters: [Parameter<ImagesList>] =
        PlanOptions.lifted(\.plan) + [
            .option("format", nil, \.format, "FORMAT", "plain, or commands for skopeo."),
            .option(
                "kube-version", nil, \.release, "V", "The Kubernetes release, which decides about ingress-nginx."),
        ] + GlobalOptions.lifted(\.global)

    enum Format: String, CaseIterable, ArgumentValue { case plain, skopeo }

    var plan = PlanOptions()
    var format = Format.plain
    var release: KubernetesRelease?
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let plan = try plan.plan(warningsTo: context.output)
        let images = plan.images(kubernetesMinor: (release ?? .assumed).minor)
        switch global.output {
        case .json: context.output.result(json(images).jsonString(.pretty))
        case .yaml: context.output.resultText(json(images).yamlString(keys: .given))
        case .name: for image in unique(images) { context.output.result(image.target) }
        default: for line in lines(images) { context.output.result(line) }
        }
        return .success
    }

    /// Each image once: two modules may have the same.
    private func unique(_ images: [ImageReference]) -> [ImageReference] {
        var seen: Set<[String]> = []
        return images.filter { seen.insert([$0.source, $0.target]).inserted }
    }

    private func lines(_ images: [ImageReference]) -> [String] {
        switch format {
        case .plain: unique(images).map { "\($0.source)\t\($0.target)" }
        case .skopeo:
            unique(images).filter { $0.source != $0.target }
                .map { "skopeo copy --all docker://\($0.source) docker://\($0.target)" }
        }
    }

    private func json(_ images: [ImageReference]) -> Value {
        .array(
            images.map {
                ["module": .string($0.module.name), "source": .string($0.source), "target": .string($0.target)]
            })
    }
}

extension KubernetesRelease: ArgumentValue {
    /// `1.33`, `v1.33.4` or a vendor's version of Kubernetes 1.
    public init(argument: String) throws(UsageError) {
        guard let release = KubernetesRelease(argument) else {
            throw UsageError("expected a version of Kubernetes such as 1.33")
        }
        guard release.minor >= KubernetesRelease.oldestMinor else {
            throw UsageError("Kubernetes 1.\(KubernetesRelease.oldestMinor) is the oldest that is supported")
        }
        self = release
    }
}
