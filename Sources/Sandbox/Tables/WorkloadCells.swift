// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension TableLayout {
    static let deployments = TableLayout(
        TableColumn.text("Ready", "Up-to-date", "Available"),
        wide: TableColumn.wide("Containers", "Images", "Selector"),
        cells: { deployment, _ in
            [
                ratio(deployment.status.readyReplicas, deployment.spec.replicas),
                Cells.number(deployment.status.updatedReplicas), Cells.number(deployment.status.availableReplicas),
            ]
        },
        wideCells: { Cells.containers($0.spec.template.spec) + [Cells.selector($0.spec.selector)] })

    static let replicaSets = TableLayout(
        TableColumn.numbers("Desired", "Current", "Ready"),
        wide: TableColumn.wide("Containers", "Images", "Selector"),
        cells: { set, _ in
            [
                Cells.number(set.spec.replicas), Cells.number(set.status.replicas),
                Cells.number(set.status.readyReplicas),
            ]
        },
        wideCells: { Cells.containers($0.spec.template.spec) + [Cells.selector($0.spec.selector)] })

    static let replicationControllers = TableLayout(
        TableColumn.numbers("Desired", "Current", "Ready"),
        wide: TableColumn.wide("Containers", "Images", "Selector"),
        cells: { set, _ in
            [
                Cells.number(set.spec.replicas), Cells.number(set.status.replicas),
                Cells.number(set.status.readyReplicas),
            ]
        },
        wideCells: { Cells.containers($0.spec.template.spec) + [Cells.labels($0.spec.selector)] })

    static let statefulSets = TableLayout(
        TableColumn.text("Ready"), wide: TableColumn.wide("Containers", "Images"),
        cells: { set, _ in [ratio(set.status.readyReplicas, set.spec.replicas)] },
        wideCells: { Cells.containers($0.spec.template.spec) })

    static let daemonSets = TableLayout(
        TableColumn.numbers("Desired", "Current", "Ready", "Up-to-date", "Available")
            + TableColumn.text("Node Selector"),
        wide: TableColumn.wide("Containers", "Images", "Selector"),
        cells: { set, _ in
            let status = set.status
            return [
                Cells.number(status.desiredNumberScheduled), Cells.number(status.currentNumberScheduled),
                Cells.number(status.numberReady), Cells.number(status.updatedNumberScheduled),
                Cells.number(status.numberAvailable), Cells.labels(set.spec.template.spec.nodeSelector),
            ]
        },
        wideCells: { Cells.containers($0.spec.template.spec) + [Cells.selector($0.spec.selector)] })

    static let controllerRevisions = TableLayout(TableColumn.text("Controller", "Revision")) { revision, _ in
        let owners = revision.metadata.ownerReferences.list
        let owner = owners.first { $0.controller.isTrue }
        let group = owner?.apiVersion.text.split(separator: "/").dropLast().first.map { ".\($0)" } ?? ""
        return [
            owner.map { .string("\($0.kind.text.lowercased())\(group)/\($0.name.text)") } ?? Cells.none,
            .string("\(revision.revision.number ?? 0)"),
        ]
    }

    static let podTemplates = TableLayout(
        exactly: [.objectName] + TableColumn.text("Containers", "Images", "Pod Labels")
    ) { template, _ in
        [.string(template.metadata.name.text)] + Cells.containers(template.template.spec)
            + [Cells.labels(template.template.metadata.labels)]
    }

    static let jobs = TableLayout(
        TableColumn.text("Status", "Completions", "Duration"),
        wide: TableColumn.wide("Containers", "Images", "Selector"),
        cells: { job, now in [.string(status(ofJob: job)), completions(job), duration(ofJob: job, now: now)] },
        wideCells: { Cells.containers($0.spec.template.spec) + [Cells.selector($0.spec.selector)] })

    static let cronJobs = TableLayout(
        TableColumn.text("Schedule", "Timezone") + [TableColumn(name: "Suspend", type: "boolean")]
            + TableColumn.numbers("Active") + TableColumn.text("Last Schedule"),
        wide: TableColumn.wide("Containers", "Images", "Selector"),
        cells: { cronJob, now in
            let last = cronJob.status.lastScheduleTime.time
            return [
                .string(cronJob.spec.schedule.text), Cells.text(cronJob.spec.timeZone),
                cronJob.spec.suspend.exists ? .string(cronJob.spec.suspend.isTrue ? "True" : "False") : Cells.unset,
                .int(Int64(cronJob.status.active.list.count)),
                last.map { .string(HumanDuration.text(now - $0)) } ?? Cells.none,
            ]
        },
        wideCells: {
            let template = $0.spec.jobTemplate.spec
            return Cells.containers(template.template.spec) + [Cells.selector(template.selector)]
        })

    private static func ratio(_ ready: Fields, _ desired: Fields) -> Value {
        .string("\(ready.number ?? 0)/\(desired.number ?? 1)")
    }

    private static func status(ofJob job: Fields) -> String {
        if job.hasCondition("Complete") { return "Complete" }
        if job.hasCondition("Failed") { return "Failed" }
        if job.metadata.deletionTimestamp.exists { return "Terminating" }
        if job.hasCondition("Suspended") { return "Suspended" }
        if job.hasCondition("FailureTarget") { return "FailureTarget" }
        return job.hasCondition("SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running"
    }

    private static func completions(_ job: Fields) -> Value {
        let succeeded = job.status.succeeded.number ?? 0
        if let wanted = job.spec.completions.number { return .string("\(succeeded)/\(wanted)") }
        let parallelism = job.spec.parallelism.number ?? 0
        return .string(parallelism > 1 ? "\(succeeded)/1 of \(parallelism)" : "\(succeeded)/1")
    }

    private static func duration(ofJob job: Fields, now: Timestamp) -> Value {
        guard let start = job.status.startTime.time else { return "" }
        return .string(HumanDuration.text((job.status.completionTime.time ?? now) - start))
    }
}
