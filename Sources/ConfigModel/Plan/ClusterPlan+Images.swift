// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats
import Values

/// An image of a plan: where it comes from, and what pods name.
public struct ImageReference: Sendable, Hashable {
    /// The module that uses it.
    public let module: Module
    /// Where the module's values name it, such as `flow-server.aggregator.image`.
    public let valuesPath: [String]
    /// Where it comes from, written out in full: `docker.io/library/mysql:8.0.46`.
    public let source: String
    /// What pods name, by `registry` and `registryMirrors`.
    public let target: String
}

extension ClusterPlan {
    /// The images of the plan's modules on Kubernetes 1.`kubernetesMinor`, each module's in a fixed order.
    ///
    /// The rule of `spec/plan.md`: an image of one's own is taken as it stands; otherwise `registryMirrors` by the source's
    /// host, else `registry` and the path without its host, else the source.
    public func images(kubernetesMinor: Int = newestKubernetesMinor) -> [ImageReference] {
        modules.flatMap { images(of: $0, kubernetesMinor: kubernetesMinor) }
    }

    func images(of module: Module, kubernetesMinor: Int) -> [ImageReference] {
        switch module {
        case .mysql: [image(module, ImageDefaults.mysql)]
        case .flowServer:
            [image(module, ImageDefaults.flowServer), image(module, ImageDefaults.aggregator, below: "aggregator")]
        case .flowFederate: [image(module, ImageDefaults.flowFederate)] + (usesRelay ? [relayImage] : [])
        case .operator:
            [
                image(
                    module,
                    block(of: module)["implementation"] == "upstream"
                        ? ImageDefaults.upstreamOperator : ImageDefaults.operator)
            ]
        case .ingressNginx where usesExistingIngress: []
        case .ingressNginx:
            [
                image(
                    module,
                    ImageDefaults.Image(
                        name: ImageDefaults.ingressNginx,
                        tag: IngressController.version(kubernetesMinor: kubernetesMinor)))
            ]
        }
    }

    /// The relay is a part of this program, as the operator is: it has the operator's image unless it has one of its own.
    private var relayImage: ImageReference {
        let own = value[path: Module.flowFederate.name, "relay"]
        let isOwn = ["image", "imageTag"].contains { own?[$0]?.string?.isEmpty == false }
        let isOperators = !isOwn && block(of: .operator)["implementation"] != "upstream"
        let found =
            isOperators
            ? image(.operator, ImageDefaults.operator)
            : image(.flowFederate, ImageDefaults.operator, below: "relay")
        return ImageReference(
            module: .flowFederate, valuesPath: [Module.flowFederate.name, "relay", "image"], source: found.source,
            target: found.target)
    }

    private func image(_ module: Module, _ standard: ImageDefaults.Image, below key: String? = nil) -> ImageReference {
        let path = [module.name] + (key.map { [$0] } ?? [])
        let own = value[path: path + ["image"]]?.string ?? ""
        let ownTag = value[path: path + ["imageTag"]]?.string ?? ""
        let tag = ownTag.isEmpty ? standard.tag : ownTag
        if !own.isEmpty, let name = ImageName(own) {
            let complete = name.tag == nil && name.digest == nil ? own + ":" + tag : own
            return ImageReference(
                module: module, valuesPath: path + ["image"], source: ImageName(complete)?.reference ?? complete,
                target: complete)
        }
        let source = standard.name + ":" + tag
        return ImageReference(
            module: module, valuesPath: path + ["image"], source: source, target: mirrored(source))
    }

    /// What pods name for an image that comes from `source`, by `registry` and `registryMirrors`.
    ///
    /// The same rule for images that training tasks name. What is no image reference is returned as it is.
    public func mirrored(_ source: String) -> String {
        imageMirrors.target(of: source)
    }

    private var imageMirrors: ImageMirrors {
        var mirrors: [String: String] = [:]
        for (host, mirror) in value["registryMirrors"]?.mapping ?? [:] { mirrors[host] = mirror.string }
        return ImageMirrors(registry: value["registry"]?.string ?? "", mirrors: mirrors)
    }
}
