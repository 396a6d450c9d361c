// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Records
import Rollout
import Terminal

/// The last words about a job on a terminal: how it ended, every cause, what stays and what to do next.
struct JobVerdict {
    private let result: JobResult
    private let job: String

    init(_ result: JobResult, job: String) {
        self.result = result
        self.job = job
    }

    func print(to output: Output) {
        let isSuccess = result.code == .success
        let word = (isSuccess ? Style.good : Style.bad).applied(
            to: result.status.rawValue, enabled: output.messagesAreColoured)
        output.message("job \(job): \(word): \(escapedForTerminal(result.message))")
        for cause in result.causes {
            let place = [cause.component, cause.object].compactMap { $0 }.joined(separator: " ")
            let message = place.isEmpty ? cause.message : "\(place): \(cause.message)"
            output.message(Diagnostic(message, hint: cause.hint).rendered())
        }
        for retained in result.retained { output.message("stays: \(retained)") }
        switch result.status {
        case .canceled, .interrupted: output.message("go on with: iflearnerctl job resume \(job.prefix(8))")
        case .failed, .timeout: output.message("more: iflearnerctl job describe \(job.prefix(8))")
        default: break
        }
    }
}
