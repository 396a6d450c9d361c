// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// Renders charts as Helm v4.2.4 does.
public struct ReleaseRenderer: Sendable {
    /// What the cluster can do.
    public var capabilities: Capabilities
    /// What `lookup` answers: API version, kind, namespace and name, the last empty for a list.
    ///
    /// Without a cluster an empty mapping, as in `helm template`.
    public var lookup:
        @Sendable (_ apiVersion: String, _ kind: String, _ namespace: String, _ name: String) throws ->
            Value
    /// What `now` answers, in nanoseconds since 1970; by default the system's clock.
    public var now: @Sendable () -> Int64
    /// How many statements and calls a chart may run before rendering fails.
    public var stepLimit = 50_000_000
    /// How many bytes one template may write before rendering fails.
    public var outputLimit = 64 << 20

    /// A renderer for a cluster.
    public init(
        capabilities: Capabilities = Capabilities(),
        now: @escaping @Sendable () -> Int64 = WallClock.now,
        lookup: @escaping @Sendable (String, String, String, String) throws -> Value = { _, _, _, _ in
            .mapping(Mapping())
        }
    ) {
        self.capabilities = capabilities
        self.now = now
        self.lookup = lookup
    }

    /// Renders a chart with values, which win over the chart's defaults; a null removes a default.
    ///
    /// `overrides` win over `values`, later ones over earlier ones. Throws `RenderError`: values that do not fit the chart, a template that does not parse or fails, a document that is
    /// no YAML. The work is done on a thread of its own with a large stack.
    public func render(
        _ chart: Chart, values: Value = .mapping(Mapping()), overrides: [ValueOverride] = [], release: ReleaseOptions
    ) throws(RenderError) -> RenderedRelease {
        try onThread(release) { try $0.run(chart, given: values, overrides) }
    }

    /// What each template renders to, by its path from the root chart's name on; partials are left out.
    ///
    /// Throws as `render` does, except that the texts need not be YAML.
    public func renderTemplates(
        _ chart: Chart, values: Value = .mapping(Mapping()), overrides: [ValueOverride] = [], release: ReleaseOptions
    ) throws(RenderError) -> [String: String] {
        try onThread(release) { rendering in
            Dictionary(
                uniqueKeysWithValues: try rendering.texts(of: chart, given: values, overrides).map {
                    ($0.path, $0.text.text)
                })
        }
    }

    private func onThread<Result: Sendable>(
        _ release: ReleaseOptions, _ body: @escaping @Sendable (inout Rendering) throws -> Result
    ) throws(RenderError) -> Result {
        do {
            return try RenderThread.run { stack in
                var rendering = Rendering(renderer: self, release: release, stack: stack)
                return try body(&rendering)
            }
        } catch let error as RenderError {
            throw error
        } catch let error as ChartError {
            throw RenderError(error)
        } catch let error as ParseFailure {
            throw RenderError(error)
        } catch let error as ExecutionError {
            throw RenderError(error)
        } catch {
            throw RenderError("\(error)")
        }
    }
}
