// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import ConfigModel
import Deployment
import Diagnostics
import HTTPServer
import JobOperator
import Records
import Relay
import Rollout
import Sandbox
import Templating
import Terminal

/// What is said about an error, and the exit code that stands for it (spec/deployment.md §6.13).
struct ErrorReport {
    private let diagnostics: [Diagnostic]
    private let usage: UsageError?
    let code: ExitCode

    /// The report of whatever a command threw.
    init(_ error: any Error) {
        usage = error as? UsageError
        switch error {
        case is UsageError: (code, diagnostics) = (.usage, [])
        case let error as PlanError: (code, diagnostics) = (.invalidPlan, error.diagnostics)
        case let error as FindingError:
            code = error.isAmbiguous ? .refused : .notFound
            diagnostics = [Diagnostic(error.message, hint: error.hint)]
        case let error as SecretValueError:
            (code, diagnostics) = (.preflight, [Diagnostic(error.message, hint: error.hint)])
        // What a plan's values make of a chart is the plan's fault, as the bundled charts are tested with every plan.
        case let error as RenderError: (code, diagnostics) = (.invalidPlan, [error.diagnostic])
        case let error as ChartError: (code, diagnostics) = (.invalidPlan, [error.diagnostic])
        case let error as RelayError: (code, diagnostics) = (.preflight, [Diagnostic(error.message, hint: error.hint)])
        case let error as HTTPServerError: (code, diagnostics) = (.preflight, [Diagnostic(error.description)])
        case let error as SandboxError:
            (code, diagnostics) = (.preflight, [Diagnostic(error.description)])
        case let error as StateDirectoryError: (code, diagnostics) = (.preflight, [Diagnostic(error.description)])
        case let error as DeploymentError:
            (code, diagnostics) = (error.code, [Diagnostic(error.message, hint: error.hint)])
        case let error as OperatorError: (code, diagnostics) = (.internalError, [error.diagnostic])
        case let error as KubeconfigError: (code, diagnostics) = (.unreachable, error.diagnostics)
        default:
            let error = RolloutError(error)
            code = error.code
            diagnostics = error.causes.map { cause in
                let place = [cause.component, cause.object].compactMap { $0 }.joined(separator: " ")
                return Diagnostic(place.isEmpty ? cause.message : "\(place): \(cause.message)", hint: cause.hint)
            }
        }
    }

    /// The same as the end of a job that never began: what `-o json` prints last on a command that waits.
    var result: JobResult {
        let causes = diagnostics.filter { $0.severity == .error }.map { diagnostic in
            Cause(code: code.rawValue, message: diagnostic.message, hint: diagnostic.hint)
        }
        let message = usage?.message ?? causes.first?.message ?? ""
        return JobResult(status: .failed, code: code, message: message, causes: causes)
    }

    /// Prints the report on standard error and gives the status of the process.
    func print(to output: Output) -> CommandStatus {
        if let usage { output.message(usage.rendered) }
        for diagnostic in diagnostics {
            let text = diagnostic.rendered()
            let word = diagnostic.severity.rawValue + ":"
            let style = diagnostic.severity == .error ? Style.bad : Style.caution
            let rest = text.dropFirst(word.count)
            output.message(style.applied(to: word, enabled: output.messagesAreColoured) + rest)
        }
        let errors = diagnostics.count { $0.severity == .error }
        if errors > 1, code == .invalidPlan { output.message("\(errors) errors: nothing was changed") }
        return CommandStatus(rawValue: Int32(code.rawValue))
    }
}
