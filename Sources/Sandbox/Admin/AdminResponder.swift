// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

/// Answers what is below `/_sandbox`: what a real server has not, for tests and for the sandbox commands.
struct AdminResponder: Sendable {
    let log: RequestLog
    let faults: FaultInjection
    let api: APIServer
    let lists: ListSnapshots
    let control: SandboxControl

    func respond(_ request: HTTPRequest, _ segments: ArraySlice<String>) async throws -> HTTPResponse {
        switch (request.method, Array(segments)) {
        case ("GET", ["requests"]):
            let number = request.query["after"].flatMap { Int($0) } ?? 0
            return .json(["requests": .array(log.all(after: number).map(\.value))])
        case ("DELETE", ["requests"]): log.clear()
        case ("POST", ["faults"]): faults.add(try Fault(try body(request)))
        case ("DELETE", ["faults"]): faults.clear()
        case ("POST", ["forget-history"]): api.store.forgetHistory()
        case ("POST", ["expire-lists"]): lists.expire()
        case ("POST", ["reset"]):
            faults.clear()
            try await control.reset()
        case ("PUT", ["settings"]):
            let settings = try body(request)
            if let paused = settings["kubeletPaused"]?.bool { await control.setKubeletPaused(paused) }
            if let scale = settings["timeScale"]?.double, scale > 0 { await control.setTimeScale(scale) }
        case ("GET", ["status"]):
            return .json([
                "revision": .int(api.store.revision), "objects": .int(Int64(api.store.everything.count)),
                "minor": .int(Int64(api.minor)),
            ])
        default: return .text("404 page not found\n", status: 404)
        }
        return .json([:])
    }

    private func body(_ request: HTTPRequest) throws -> Value {
        do { return try Value(json: request.body) } catch { throw StatusError.badRequest("\(error)") }
    }
}
