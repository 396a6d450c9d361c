// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Values

/// The trainings that go on in the simulated pods.
///
/// They outlive the kubelet, and stand still while it is paused. Nothing of them is stored: after a restart of the sandbox they begin anew.
final class Trainings: Sendable {
    /// What a container that trains comes to.
    enum Outcome: Sendable, Equatable {
        /// Nothing happens by itself, until somebody comes or goes.
        case waiting
        /// It is done in so long a time of a real cluster, if nobody goes.
        case ending(Duration)
        case complete
    }

    private struct State {
        var trainings: [String: Training] = [:]
        /// The task of each pod that takes part.
        var tasks: [String: String] = [:]
        /// The clock; nil while time stands still.
        var pace: Pace?
        /// The time at which it came to stand.
        var stopped: Duration = .zero
        var wake: @Sendable (ObjectKey) -> Void = { _ in }

        /// The time of a real cluster that has passed, without the pauses.
        var now: Duration { pace.map { $0.elapsed() * max($0.scale, 1) } ?? stopped }

        /// Lets all trainings stand still.
        mutating func settle() {
            let now = now
            for task in trainings.keys { trainings[task]?.settle(at: now) }
        }
    }

    /// How long a round takes, in the time of a real cluster.
    private let length: Duration
    private let state = Mutex(State())

    init(epochLength: Duration) { length = max(epochLength, .nanoseconds(1)) }

    /// Calls back with the keys of pods for which something has changed.
    func onNews(_ wake: @escaping @Sendable (ObjectKey) -> Void) { state.withLock { $0.wake = wake } }

    /// Lets the time of the trainings go by, as a clock tells it.
    func resume(_ pace: Pace) {
        state.withLock { state in
            state.settle()
            state.pace = pace
            let now = state.now
            for task in state.trainings.keys { state.trainings[task]?.goOn(at: now, length: length) }
        }
    }

    /// Lets the time of the trainings stand still.
    func pause() {
        state.withLock { state in
            state.settle()
            state.stopped = state.now
            state.pace = nil
        }
    }

    /// Takes a container that is ready into its training, unless it is in; what comes of it.
    func take(_ member: Training.Member) -> Outcome {
        typealias News = (outcome: Outcome, others: [ObjectKey], wake: @Sendable (ObjectKey) -> Void)
        let news = state.withLock { state -> News in
            let (now, task) = (state.now, member.role.task)
            var training = state.trainings[task] ?? Training()
            let isNew = training.join(member, at: now, length: length)
            state.trainings[task] = training
            state.tasks[member.podUID] = task
            let others = isNew ? training.keys.filter { $0 != member.key } : []
            return (outcome(of: member.role, in: training, at: now), others, state.wake)
        }
        for key in news.others { news.wake(key) }
        return news.outcome
    }

    private func outcome(of role: TrainingRole, in training: Training, at now: Duration) -> Outcome {
        guard role.isClient else { return .waiting }
        if training.isComplete(at: now, length: length) { return .complete }
        guard training.isGoingOn, let left = training.left(at: now, length: length) else { return .waiting }
        return .ending(left)
    }

    /// Lets a pod go from its training.
    func leave(pod uid: String) {
        let (others, wake) = state.withLock { state -> ([ObjectKey], @Sendable (ObjectKey) -> Void) in
            guard let task = state.tasks.removeValue(forKey: uid) else { return ([], state.wake) }
            guard var training = state.trainings[task], training.leave(uid, at: state.now, length: length) else {
                return ([], state.wake)
            }
            state.trainings[task] = training.isEmpty ? nil : training
            return (training.keys, state.wake)
        }
        for key in others { wake(key) }
    }

    /// Lets all pods go but some.
    func leave(except uids: Set<String>) {
        for uid in state.withLock({ Set($0.tasks.keys) }).subtracting(uids) { leave(pod: uid) }
    }

    /// Forgets all trainings.
    func clear() {
        state.withLock { state in
            state.trainings = [:]
            state.tasks = [:]
        }
    }

    /// What the aggregator in a pod tells; nil when there is none.
    func status(ofAggregator uid: String) -> Value? {
        state.withLock { state in
            guard let task = state.tasks[uid], let training = state.trainings[task],
                training.members.contains(where: { $0.podUID == uid && !$0.role.isClient })
            else { return nil }
            return training.status(at: state.now, length: length)
        }
    }
}
