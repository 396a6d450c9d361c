// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import JobOperator
import Records
import Rollout
import Synchronization
import Terminal

/// How a training job that was watched has ended.
struct TrainingEnd: Sendable {
    let result: JobResult
    private let job: IflearnerJob

    init(_ status: JobStatus, _ code: ExitCode, _ job: IflearnerJob, _ message: String) {
        result = JobResult(status: status, code: code, message: message)
        self.job = job
    }

    /// The end of a job, if this update tells of it.
    ///
    /// Aggregators run on when all parties have finished: then the training is over, though the pod is not.
    init?(of job: IflearnerJob, _ update: TrainingWatch.Update) {
        guard case .jobs(let overviews, let gone) = update else { return nil }
        if gone.contains(where: { $0.uid == job.uid }) {
            self.init(.canceled, .notFound, job, "the job was deleted")
            return
        }
        guard let overview = overviews.first(where: { $0.job.uid == job.uid }) else { return nil }
        if overview.job.phase == "Succeeded" {
            self.init(.success, .success, job, "the job has succeeded")
        } else if overview.job.phase == "Failed" {
            let trouble = overview.trouble
            let words = [trouble?.reason, trouble?.message].compactMap { $0 }.filter { !$0.isEmpty }
            self.init(
                .failed, .notReady, job,
                "the job has failed" + (words.isEmpty ? "" : ": " + words.joined(separator: ": ")))
        } else if overview.isCompleted == true {
            self.init(.success, .success, job, overview.verdict?.completed.message ?? "every party has finished")
        } else {
            return nil
        }
    }

    /// Says it on a terminal, with what tells more.
    func print(to output: Output) {
        let isSuccess = result.code == .success
        let word = (isSuccess ? Style.good : Style.bad).applied(
            to: result.status.rawValue, enabled: output.messagesAreColoured)
        output.message("iflearnerjob \(job.key.name): \(word): \(escapedForTerminal(result.message))")
        if result.code == .notReady {
            output.message("more: iflearnerctl ij describe \(job.key.name) -n \(job.key.namespace)")
        }
    }
}

/// Where a watch leaves how it ended.
final class EndBox: Sendable {
    private let box = Mutex<TrainingEnd?>(nil)

    var end: TrainingEnd? { box.withLock { $0 } }
    func set(_ end: TrainingEnd) { box.withLock { $0 = end } }
}
