// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import ConfigModel
import Templating
import Values

/// Turns a plan into manifests by its chart.
public struct PlanRenderer: Sendable {
    let capabilities: Capabilities
    private let minor: Int

    /// A renderer for a Kubernetes release, without a cluster.
    public init(release: KubernetesRelease) {
        capabilities = Capabilities(kubeVersion: release.version, apiVersions: release.apiVersions)
        minor = release.minor
    }

    /// A renderer for what a cluster serves.
    public init(catalog: APICatalog, version: ServerVersion) {
        capabilities = Capabilities(kubeVersion: version.gitVersion, apiVersions: catalog.capabilities)
        minor = version.minor
    }

    /// Renders a plan with secrets of a cluster in their places.
    ///
    /// - Throws: `RenderError` or `ChartError` with file, line and column of the template.
    func render(_ plan: ClusterPlan, file: String, secrets: SecretValues) throws -> RenderedDeployment {
        let values = secrets.applied(
            to: plan.chartValues(kubernetesMinor: min(minor, ClusterPlan.newestKubernetesMinor)))
        let release = try ReleaseRenderer(capabilities: capabilities).render(
            try BundledCharts.chart(plan.chartName), values: values,
            release: ReleaseOptions(name: plan.name, namespace: plan.namespace))
        return RenderedDeployment(
            plan: plan, planFile: file,
            documents: release.manifests.map { Self.document($0, isHook: false) }
                + release.hooks.map { Self.document($0, isHook: true) }, notes: release.notes,
            warnings: release.warnings)
    }

    /// Renders a plan where there is no cluster: the same on every machine.
    ///
    /// Texts stand for the secrets; with `reference` the chart is told that all of them exist already.
    public func renderOffline(
        _ plan: ClusterPlan, file: String, secrets mode: SecretMode = .omit
    ) throws -> RenderedDeployment {
        let secrets =
            mode == .reference ? SecretValues(referencesFor: plan) : SecretValues(placeholdersFor: plan)
        return try render(plan, file: file, secrets: secrets)
    }

    static func document(_ manifest: RenderedManifest, isHook: Bool) -> RenderedDeployment.Document {
        // iflearner-flow/charts/<component>/templates/...
        let path = manifest.source.split(separator: "/")
        let component = path.count > 2 && path[1] == "charts" ? String(path[2]) : ""
        return RenderedDeployment.Document(
            component: component, source: manifest.source, text: manifest.text,
            object: KubernetesObject(manifest.value), isHook: isHook)
    }
}
