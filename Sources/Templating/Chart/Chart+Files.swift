// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Values
import YAMLText

extension Chart {
    /// The deepest nesting of charts within charts.
    private static let nestingLimit = 16

    /// A chart from its files: `Chart.yaml`, `values.yaml`, `templates/`, `charts/` and the rest.
    ///
    /// Throws `ChartError` when the files are no valid chart. Packed charts below `charts/` are unpacked.
    public init(files: [ChartFile]) throws(ChartError) {
        try self.init(files: files, path: "", depth: 0)
    }

    private init(files: [ChartFile], path: String, depth: Int) throws(ChartError) {
        guard depth < Self.nestingLimit else { throw ChartError("charts are nested deeper than \(Self.nestingLimit)") }
        var sorting = Sorting()
        for file in files { sorting.add(file) }
        guard let description = sorting.description else { throw ChartError("Chart.yaml file is missing") }
        let requirements = try sorting.requirements.map { file throws(ChartError) in
            try Self.mapping(file, path: path)
        }
        metadata = try ChartMetadata(try Self.mapping(description, path: path), requirements: requirements)
        values = try sorting.values.map { file throws(ChartError) in try Self.mapping(file, path: path) } ?? Mapping()
        schema = sorting.schema?.bytes
        templates = sorting.templates
        self.files = sorting.others
        dependencies = []
        for (name, members) in sorting.subcharts {
            do throws(ChartError) {
                dependencies.append(
                    try Chart(files: members, path: path + "charts/" + name + "/", depth: depth + 1))
            } catch {
                throw ChartError(
                    "error unpacking subchart \(name) in \(metadata.name): \(error.message)", at: error.location)
            }
        }
        for archive in sorting.archives {
            do throws(ChartError) {
                let members = try ChartArchive.files(of: archive.bytes)
                dependencies.append(
                    try Chart(files: members, path: path + archive.path + ":", depth: depth + 1))
            } catch {
                throw ChartError(
                    "error unpacking subchart tar in \(metadata.name): \(archive.path): \(error.message)",
                    at: error.location)
            }
        }
    }

    static func mapping(_ file: ChartFile, path: String) throws(ChartError) -> Mapping {
        let value: Value
        do throws(YAMLError) {
            value = try Value(yaml: file.bytes, file: path + file.path)
        } catch {
            throw ChartError(
                "cannot load \(file.path): error converting YAML to JSON: \(error.goMessage)",
                at: error.diagnostic.location)
        }
        switch value {
        case .mapping(let mapping): return mapping
        case .null: return Mapping()
        default:
            throw ChartError(
                "cannot load \(file.path): error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                    + "\(DocumentFunctions.goName(value)) into Go value of type map[string]interface {}",
                at: SourceLocation(file: path + file.path))
        }
    }
}

/// The files of a chart by their meaning.
private struct Sorting {
    var description: ChartFile?
    var values: ChartFile?
    var schema: ChartFile?
    var requirements: ChartFile?
    var templates: [ChartFile] = []
    var others: [ChartFile] = []
    /// Folders below `charts/` with their files, in the order in which they appear.
    var subcharts: [(name: String, files: [ChartFile])] = []
    /// Packed charts below `charts/`.
    var archives: [ChartFile] = []

    mutating func add(_ file: ChartFile) {
        switch file.path {
        case "Chart.yaml": description = file
        case "values.yaml": values = file
        case "values.schema.json": schema = file
        case "requirements.yaml":
            requirements = file
            others.append(file)
        case "Chart.lock", "requirements.lock": break
        case _ where file.path.hasPrefix("templates/"): templates.append(file)
        case _ where file.path.hasPrefix("charts/"): addSubchart(file)
        default: others.append(file)
        }
    }

    private mutating func addSubchart(_ file: ChartFile) {
        let path = file.path.dropFirst("charts/".count)
        let name = String(path.prefix { $0 != "/" })
        if name.hasPrefix("_") || name.hasPrefix(".") { return }
        guard name.count < path.count else {
            if name.hasSuffix(".tgz") { archives.append(file) } else { others.append(file) }
            return
        }
        let member = ChartFile(path: String(path.dropFirst(name.count + 1)), bytes: file.bytes)
        if let index = subcharts.firstIndex(where: { $0.name == name }) {
            subcharts[index].files.append(member)
        } else {
            subcharts.append((name, [member]))
        }
    }
}
