// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConfigModel
import Diagnostics

/// The plan that a command works from: a file, and settings laid over it.
struct PlanOptions: Sendable {
    var file = ""
    var settings: [String] = []

    static let parameters: [Parameter<PlanOptions>] = [
        Self.fileParameter,
        .options("set", nil, \.settings, "PATH=VALUE", "Set a value of the plan, as in flow-server.imageTag=v0.2.1."),
    ]

    private static var fileParameter: Parameter<PlanOptions> {
        var parameter = Parameter<PlanOptions>.option(
            "file", "f", \.file, "FILE", "The plan; - reads standard input.", completion: .files)
        parameter.description.isRequired = true
        return parameter
    }

    /// The options as parameters of a command that holds them.
    static func lifted<Root>(_ path: any WritableKeyPath<Root, PlanOptions> & Sendable) -> [Parameter<Root>] {
        parameters.map { $0.lifted(path) }
    }

    /// Reads and checks the plan; warnings are printed.
    ///
    /// - Throws: `PlanError` with every problem, `UsageError` for a setting without a value.
    func plan(warningsTo output: Output) throws -> ClusterPlan {
        var source = try PlanSource(contentsOf: file)
        for setting in settings {
            guard let equals = setting.firstIndex(of: "=") else {
                throw UsageError("'--set \(setting)' has no value: write PATH=VALUE")
            }
            source = try source.setting(
                String(setting[..<equals]), to: String(setting[setting.index(after: equals)...]))
        }
        let plan = try source.plan()
        for warning in plan.warnings { output.message(warning.rendered()) }
        return plan
    }
}
