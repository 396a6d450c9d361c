// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Templating
import Values

extension PlanRenderer {
    /// Renders the operator alone, for clusters whose jobs come from elsewhere: the bundled chart with all else left out.
    ///
    /// - Parameters:
    ///   - namespace: Where the controller runs.
    ///   - image: The complete reference of its image; nil for the chart's.
    ///   - watched: The namespaces whose jobs it runs; none for all of them.
    /// - Returns: Its manifests, the definition of IflearnerJobs among them.
    /// - Throws: `RenderError` or `ChartError`.
    public func renderOperator(
        namespace: String, image: String? = nil, watching watched: [String] = []
    ) throws -> [RenderedDeployment.Document] {
        var settings: Mapping = ["enabled": true, "watchNamespaces": .array(watched.map(Value.string))]
        if let image { settings["image"] = .string(image) }
        let values: Value = [
            "mysql": ["enabled": false], "flow-server": ["enabled": false], "flow-federate": ["enabled": false],
            "ingress-nginx": ["enabled": false], "operator": .mapping(settings),
        ]
        let release = try ReleaseRenderer(capabilities: capabilities).render(
            try BundledCharts.chart(BundledCharts.flow), values: values,
            release: ReleaseOptions(name: "iflearner", namespace: namespace))
        return release.manifests.map { Self.document($0, isHook: false) }.filter { $0.component == "operator" }
    }
}
