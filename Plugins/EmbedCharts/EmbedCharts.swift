// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackagePlugin

/// Turns the chart folders below `templates/` into one Swift source, so that one binary is the whole product.
@main
struct EmbedCharts: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let charts = context.package.directoryURL.appending(path: "templates")
        let output = context.pluginWorkDirectoryURL.appending(path: "BundledChartFiles.swift")
        return [
            .buildCommand(
                displayName: "Embedding the charts of templates/",
                executable: try context.tool(named: "embed-charts").url,
                arguments: [charts.path, output.path],
                inputFiles: try files(below: charts),
                outputFiles: [output])
        ]
    }

    private func files(below folder: URL) throws -> [URL] {
        guard let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        else { return [] }
        return try found.compactMap { $0 as? URL }
            .filter { try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }
            .sorted { $0.path < $1.path }
    }
}
