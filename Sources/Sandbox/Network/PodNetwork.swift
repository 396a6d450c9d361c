// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Values

/// What answers on the ports of the simulated containers.
///
/// Containers have no network: what a test has set answers, or the simulation of an aggregator, and else nobody listens.
final class PodNetwork: Sendable {
    /// A Service or a pod, by the name that the proxy is asked for.
    private struct Name: Hashable {
        let namespace: String
        let name: String
    }

    private struct State {
        var answers: [Name: ProxyAnswer] = [:]
        var waiting: [(name: Name, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let trainings: Trainings
    private let state = Mutex(State())

    init(trainings: Trainings) { self.trainings = trainings }

    /// Sets the answer of a Service or pod, or leaves it to the simulation; what hangs gets the new answer.
    func set(_ answer: ProxyAnswer?, namespace: String, name: String) {
        let name = Name(namespace: namespace, name: name)
        let ready = state.withLock { state in
            state.answers[name] = answer
            let ready = state.waiting.filter { $0.name == name }
            state.waiting.removeAll { $0.name == name }
            return ready
        }
        for request in ready { request.continuation.resume() }
    }

    /// Lets go on what hangs.
    func stop() {
        let waiting = state.withLock { state in
            defer { state = State() }
            return state.waiting
        }
        for request in waiting { request.continuation.resume() }
    }

    /// The answer that was set for a Service or pod; nil when none was.
    func answer(namespace: String, name: String) -> ProxyAnswer? {
        state.withLock { $0.answers[Name(namespace: namespace, name: name)] }
    }

    /// Waits until the answer of a Service or pod is not any more to hang.
    func wait(namespace: String, name: String) async {
        let name = Name(namespace: namespace, name: name)
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard state.answers[name] == .hang else { return true }
                state.waiting.append((name, continuation))
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// What a port of a pod answers by itself.
    func reply(of pod: Fields, port: Int, path: String) -> ProxyAnswer {
        guard port == TrainingRole.statusPort, let status = trainings.status(ofAggregator: pod.objectUID) else {
            return .refused
        }
        guard path == "/v1/status" else {
            return .response(status: 404, contentType: "text/plain", body: "404 Not Found")
        }
        return .response(body: status.jsonString())
    }
}
