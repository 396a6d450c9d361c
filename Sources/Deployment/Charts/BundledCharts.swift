// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Templating

/// The charts that are part of the program.
public enum BundledCharts {
    /// The name of the chart that deploys a side of a federation.
    public static let flow = "iflearner-flow"

    /// The files of a bundled chart, with paths below its folder; empty for a name that is none.
    public static func files(of chart: String) -> [ChartFile] {
        let folder = chart + "/"
        return BundledChartFiles.all.filter { $0.path.hasPrefix(folder) }.map { path, text in
            let bytes = text.withUTF8Buffer { Array($0) }
            return ChartFile(path: String(path.dropFirst(folder.count)), bytes: bytes)
        }
    }

    /// The names of the bundled charts, sorted.
    public static var names: [String] {
        Set(BundledChartFiles.all.compactMap { $0.path.split(separator: "/").first.map(String.init) }).sorted()
    }

    /// A bundled chart, loaded.
    ///
    /// - Throws: `ChartError` for a name that is none, or a chart that is damaged.
    public static func chart(_ name: String) throws(ChartError) -> Chart {
        let files = files(of: name)
        guard !files.isEmpty else {
            throw ChartError("there is no bundled chart '\(name)': there is \(names.joined(separator: ", "))")
        }
        return try Chart(files: files)
    }
}
