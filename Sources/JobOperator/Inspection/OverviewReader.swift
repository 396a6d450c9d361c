// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
import Values

/// Completes what jobs say of themselves: asks aggregators of which no operator has written, and finds the nodes of pods.
public struct OverviewReader: Sendable {
    /// How many aggregators are asked at a time.
    private static let width = 12

    private let client: ClusterClient
    private let aggregator: Aggregator
    private let time: TimeSource
    private let patience: Duration

    /// A reader; `patience` is the time for all aggregators together: of those that have not answered by then nothing is
    /// known.
    public init(client: ClusterClient, time: TimeSource, patience: Duration = .seconds(5)) {
        self.client = client.on(.status)
        aggregator = Aggregator(client: client, timeout: min(patience, .seconds(3)))
        self.time = time
        self.patience = patience
    }

    /// The jobs with their trainings.
    ///
    /// Only aggregators that run, and whose job says nothing of the training, are asked.
    public func overviews(of jobs: [IflearnerJob]) async throws -> [JobOverview] {
        var overviews = jobs.map { JobOverview($0) }
        let unknown = overviews.indices.filter { overviews[$0].hasAggregator && overviews[$0].training == nil }
        guard !unknown.isEmpty else { return overviews }
        let deadline = time.monotonic() + patience
        try await withThrowingTaskGroup(of: (Int, JobOverview).self) { group in
            var rest = unknown[...]
            for index in rest.prefix(Self.width) {
                rest = rest.dropFirst()
                group.addTask { [job = overviews[index].job] in (index, try await asked(job)) }
            }
            while let (index, overview) = try await group.next() {
                overviews[index] = overview
                guard let next = rest.popFirst() else { continue }
                if time.monotonic() < deadline {
                    group.addTask { [job = overviews[next].job] in (next, try await asked(job)) }
                } else {
                    for late in [next] + rest { overviews[late].silence = "there was no time to ask" }
                    rest = []
                }
            }
        }
        return overviews
    }

    /// A job with what its aggregator says right now.
    ///
    /// Of one that does not answer, what its job says is left, and why.
    public func asked(_ job: IflearnerJob) async throws -> JobOverview {
        var overview = JobOverview(job)
        guard overview.hasAggregator else { return overview }
        do {
            let progress = try await aggregator.progress(of: job)
            let known = overview.training
            overview.training = JobOverview.Training(
                progress: progress, lastChangeTime: known?.progress == progress ? known?.lastChangeTime : nil)
        } catch let failure as any ClusterFailure {
            overview.silence = Aggregator.reason(for: failure)
        }
        return overview
    }

    /// Adds the nodes of the jobs' pods; where pods may not be read, none.
    public func addNodes(to overviews: inout [JobOverview]) async throws {
        let places = Set(overviews.map(\.job.key.namespace)).sorted()
        var nodes: [String: String] = [:]
        for place in places {
            do {
                let pods = try await client.list(
                    .pod, namespace: place, selector: Selector(presentLabels: [JobContract.appLabel])
                ).items
                for pod in pods {
                    guard let owner = pod.controller?.uid, let node = pod["spec", "nodeName"]?.string else { continue }
                    nodes[owner] = node
                }
            } catch let error as APIError where error.reason == .forbidden {
                continue
            }
        }
        for index in overviews.indices { overviews[index].node = nodes[overviews[index].job.uid] }
    }
}
