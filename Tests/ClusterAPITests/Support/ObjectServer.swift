// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Synchronization
import Values

/// An API server that stores objects in memory with optimistic locking: as much as locks need.
final class ObjectServer: Sendable {
    private struct State {
        var objects: [String: Value] = [:]
        var version = 0
        var forbidden: Set<String> = []
        /// What happens to the next requests, first to last.
        var faults: [Fault] = []
    }

    enum Fault: Sendable {
        /// The connection breaks before anything is done.
        case lostRequest
        /// The connection breaks after everything is done.
        case lostAnswer
    }

    private let state = Mutex(State())

    func forbid(_ plural: String) { state.withLock { _ = $0.forbidden.insert(plural) } }
    func fail(_ faults: Fault...) { state.withLock { $0.faults += faults } }
    func object(_ path: String) -> KubernetesObject? { state.withLock { $0.objects[path].map(KubernetesObject.init) } }
    var paths: [String] { state.withLock { $0.objects.keys.sorted() } }

    /// Changes an object behind the client's back.
    func edit(_ path: String, _ change: (inout KubernetesObject) -> Void) {
        state.withLock { state in
            guard let value = state.objects[path] else { return }
            var object = KubernetesObject(value)
            change(&object)
            state.version += 1
            object.resourceVersion = String(state.version)
            state.objects[path] = object.value
        }
    }

    func remove(_ path: String) { state.withLock { _ = $0.objects.removeValue(forKey: path) } }

    var transport: ScriptedTransport {
        ScriptedTransport { request, _ in
            try self.state.withLock { state in
                let fault = state.faults.isEmpty ? nil : state.faults.removeFirst()
                if case .lostRequest = fault { throw TransportError(.reset, "broken") }
                let response = try Self.answer(request, &state)
                if case .lostAnswer = fault { throw TransportError(.reset, "broken", mayHaveBeenProcessed: true) }
                return response
            }
        }
    }

    private static func answer(_ request: HTTPRequest, _ state: inout State) throws -> HTTPResponse {
        var path = String(request.target.prefix { $0 != "?" })
        if state.forbidden.contains(where: { path.contains("/\($0)") }) { return .failure(403, "Forbidden", "no") }
        var object = KubernetesObject(try request.body.map { try Value(json: $0) } ?? .null)
        if request.method == .post { path += "/\(object.name)" }
        let stored = state.objects[path].map(KubernetesObject.init)
        switch request.method {
        case .get: break
        case .post where stored != nil: return .failure(409, "AlreadyExists", "exists")
        case .put where object.uid != nil && object.uid != stored?.uid: return .failure(409, "Conflict", "another uid")
        // As a server does with Leases, but not with Secrets.
        case .put where stored == nil && !path.contains("/leases/"):
            return .failure(404, "NotFound", "no", details: #"{"name":"x"}"#)
        case .put where stored != nil && object.resourceVersion != stored?.resourceVersion:
            return .failure(409, "Conflict", "modified")
        default:
            state.version += 1
            let uid = stored?.uid ?? "uid-\(state.version)"
            object.value.set(.string(uid), at: ["metadata", "uid"])
            object.resourceVersion = String(state.version)
            state.objects[path] = object.value
        }
        guard let value = state.objects[path] else { return .failure(404, "NotFound", "no", details: #"{"name":"x"}"#) }
        return .json(
            value.jsonString(), status: request.method == .post ? 201 : 200,
            headers: ["Date": "Fri, 20 Nov 2026 12:30:00 GMT"])
    }
}
