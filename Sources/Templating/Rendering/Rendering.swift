// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// One rendering of one chart: choose dependencies, merge values, run templates, sort documents.
struct Rendering {
    let renderer: ReleaseRenderer
    let release: ReleaseOptions
    let stack: StackLimit
    private var warnings: [String] = []

    init(renderer: ReleaseRenderer, release: ReleaseOptions, stack: StackLimit) {
        self.renderer = renderer
        self.release = release
        self.stack = stack
    }

    /// A template file and the data of its chart.
    private struct Job {
        let path: String
        let source: Bytes
        let data: GoMap
        let basePath: String
    }

    mutating func run(_ chart: Chart, given: Value, _ overrides: [ValueOverride]) throws -> RenderedRelease {
        try release(of: chart, from: try texts(of: chart, given: given, overrides))
    }

    /// What each template that is no partial renders to.
    mutating func texts(of chart: Chart, given: Value, _ overrides: [ValueOverride]) throws -> [(
        path: String, text: Bytes
    )] {
        guard !chart.metadata.isLibrary else { throw ChartError("library charts are not installable") }
        try checkKubeVersion(chart)
        let tree = ChartTree(chart)
        let values = try mergedValues(for: tree, given, overrides)
        var jobs: [Job] = []
        _ = collect(tree, values: values, shared: sharedObjects(), into: &jobs)
        return try execute(jobs)
    }

    private func checkKubeVersion(_ chart: Chart) throws {
        let constraint = chart.metadata.kubeVersion
        guard !constraint.isEmpty, var version = SemanticVersion(renderer.capabilities.kubeVersion) else { return }
        version.prerelease = ""
        guard VersionConstraint(constraint)?.allows(version) ?? false else {
            throw ChartError(
                "chart requires kubeVersion: \(constraint) which is incompatible with Kubernetes \(renderer.capabilities.kubeVersion)"
            )
        }
    }

    // MARK: Values

    private mutating func mergedValues(for tree: ChartTree, _ given: Value, _ overrides: [ValueOverride]) throws
        -> GoMap
    {
        let map: GoMap
        switch given {
        case .mapping(let mapping): map = GoMap(mapping)
        case .null: map = GoMap()
        default: throw ChartError("values must be a mapping, not \(given.kindName)")
        }
        for override in overrides { try override.apply(to: map) }
        var selection = DependencySelection(given: map)
        try selection.apply(to: tree)
        var imported = ImportedValues()
        try imported.apply(to: tree)
        var coalescing = Coalescing()
        let values = map.copied()
        try coalescing.coalesce(tree, into: values)
        warnings += selection.warnings + imported.warnings + coalescing.warnings
        try validate(values, against: tree)
        return values.sharing(type: .valuesMap)
    }

    /// Checks the values of the chart and of what it depends on against their schemas.
    private func validate(_ values: GoMap, against tree: ChartTree) throws {
        let report = try schemaReport(on: values, tree)
        guard !report.isEmpty else { return }
        throw ChartError(
            "values don't meet the specifications of the schema(s) in the following chart(s):\n" + report)
    }

    private func schemaReport(on values: GoMap, _ tree: ChartTree) throws -> String {
        var report = ""
        if let schema = tree.chart.schema {
            let errors = try SchemaValidator(schema).errors(in: .map(values))
            if !errors.isEmpty {
                report += tree.name + ":\n" + errors.flatMap { $0.lines() }.map { $0 + "\n" }.joined()
            }
        }
        for child in tree.dependencies {
            guard case .map(let table)? = values[Bytes(child.name)] else { continue }
            report += try schemaReport(on: table, child)
        }
        return report
    }

    // MARK: Templates

    private func sharedObjects() -> [(Bytes, GoValue)] {
        let release = GoMap([
            (Bytes("Name"), .text(self.release.name)), (Bytes("Namespace"), .text(self.release.namespace)),
            (Bytes("IsUpgrade"), .bool(self.release.isUpgrade)),
            (Bytes("IsInstall"), .bool(!self.release.isUpgrade)),
            (Bytes("Revision"), .int(self.release.revision)), (Bytes("Service"), .text("Helm")),
        ])
        return [
            (Bytes("Release"), .map(release)),
            (Bytes("Capabilities"), .object(CapabilitiesObject(renderer.capabilities))),
        ]
    }

    /// Gathers the templates of a chart and of what it depends on; answers the chart's data.
    private func collect(_ tree: ChartTree, values: GoMap, shared: [(Bytes, GoValue)], into jobs: inout [Job]) -> GoMap
    {
        let subcharts = GoMap()
        let data = GoMap(
            shared + [
                (Bytes("Chart"), .map(ChartObject.map(tree))),
                (Bytes("Files"), .map(FilesMethods.files(tree.chart.files))),
                (Bytes("Values"), .map(values)), (Bytes("Subcharts"), .map(subcharts)),
            ])
        for child in tree.dependencies {
            var table = GoMap(type: .valuesMap)
            if case .map(let found)? = values[Bytes(child.name)] {
                // The parent sees what the dependency's templates change, and the other way round.
                table = found.sharing(type: .valuesMap)
            }
            subcharts[Bytes(child.name)] = .map(collect(child, values: table, shared: shared, into: &jobs))
        }
        let basePath = tree.path + "/templates"
        for file in tree.chart.templates where !tree.chart.metadata.isLibrary || file.baseName.hasPrefix("_") {
            jobs.append(Job(path: tree.path + "/" + file.path, source: file.bytes, data: data, basePath: basePath))
        }
        return data
    }

    /// Parses and runs the files, the deepest first: what a parent defines wins over its dependencies.
    private func execute(_ unordered: [Job]) throws -> [(path: String, text: Bytes)] {
        let jobs = unordered.map {
            (job: $0, depth: $0.path.utf8.count { $0 == UInt8(ascii: "/") }, path: Bytes($0.path))
        }
        .sorted { left, right in
            left.depth == right.depth ? right.path.precedes(left.path) : left.depth > right.depth
        }
        let templates = TemplateSet()
        for (job, _, _) in jobs { templates.add(try Parser.parse(job.source, name: job.path)) }
        let environment = RenderEnvironment(
            lookup: renderer.lookup, now: renderer.now, stepLimit: renderer.stepLimit,
            outputLimit: renderer.outputLimit)
        let evaluator = Evaluator(templates: templates, environment: environment, stack: stack)
        var texts: [(path: String, text: Bytes)] = []
        for (job, _, path) in jobs where !PathFunctions.base(path).hasPrefix(Bytes("_")) {
            job.data[Bytes("Template")] = .map(
                GoMap([(Bytes("Name"), .text(job.path)), (Bytes("BasePath"), .text(job.basePath))], type: .valuesMap))
            guard let template = templates[path] else { continue }
            texts.append((job.path, try evaluator.render(template, .map(job.data)).removingNoValue))
        }
        return texts
    }

    // MARK: Documents

    private func release(of chart: Chart, from texts: [(path: String, text: Bytes)]) throws -> RenderedRelease {
        var splitter = ManifestSplitter()
        var notes = ""
        for (path, text) in texts.sorted(by: { Bytes($0.path).precedes(Bytes($1.path)) }) {
            if path.hasSuffix("NOTES.txt") {
                if path == chart.name + "/templates/NOTES.txt" { notes = text.text }
                continue
            }
            try splitter.add(text, from: path)
        }
        return RenderedRelease(
            manifests: InstallOrder.sorted(splitter.manifests), hooks: InstallOrder.sorted(splitter.hooks),
            notes: notes, crds: chart.crds(), warnings: warnings + splitter.warnings)
    }
}
