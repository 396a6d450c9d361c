// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

extension ResourceResponder {
    func watch() throws -> HTTPResponse {
        let form = try request.form()
        let query = try ObjectQuery(request.query, resource: request.resource, namespace: request.path.namespace)
        let sendsInitialEvents = try initialEvents()
        let text = request.query["resourceVersion"] ?? ""
        guard text.isEmpty || Int64(text) != nil else {
            throw StatusError.badRequest(
                "resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax")
        }
        var revision = text.isEmpty || text == "0" || sendsInitialEvents == true ? nil : Int64(text)
        // Unless they are refused, a watch from "" and "0" begins with what exists.
        if revision == nil, sendsInitialEvents == false { revision = api.store.revision }
        let encoder = WatchEncoder(
            resource: request.resource, query: query, form: form, printer: tablePrinter,
            options: try tableOptions(version: "v1"), now: api.now)
        let headers: HTTPHeaders = ["Cache-Control": "no-cache, private", "Content-Type": "application/json"]
        let watch: StoreWatch
        do throws(StoreError) {
            watch = try api.store.watch([request.resource.groupResource], after: revision)
        } catch {
            let key = ObjectKey(request.resource.groupResource, name: "")
            let status = StatusError.store(error, at: key)
            if case .future = error { throw status }
            return HTTPResponse(status: 200, headers: headers, body: .bytes(encoder.error(status)))
        }
        let options = WatchOptions(
            sendsBookmarks: ["1", "true"].contains(request.query["allowWatchBookmarks"] ?? ""),
            marksInitialEvents: sendsInitialEvents == true, life: life, bookmarkInterval: router.timing.bookmarks)
        let (router, http) = (router, request.http)
        return HTTPResponse(
            status: 200, headers: headers,
            body: .stream { writer in
                let line = WatchLine(writer) { code in
                    encoder.error(
                        code == 410
                            ? .expired(watch.revision, oldest: router.api.store.revision)
                            : router.fault(code, retryAfter: nil, http))
                }
                router.faults.attend(line, of: http)
                defer { router.faults.leave(line) }
                await WatchStream(watch: watch, encoder: encoder, options: options).run(line)
            })
    }

    private var life: Duration {
        let seconds = request.query["timeoutSeconds"].flatMap { Int($0) } ?? 0
        return .seconds(seconds > 0 ? seconds : Int.random(in: router.timing.life))
    }

    /// Whether the watch begins with all that exists and marks the end of it; nil when the client does not say.
    private func initialEvents() throws -> Bool? {
        func forbidden(_ field: String, _ detail: String) -> StatusError {
            .invalidOptions("ListOptions", .forbidden(FieldPath(field), detail))
        }
        let match = request.query["resourceVersionMatch"] ?? ""
        guard let text = request.query["sendInitialEvents"], !text.isEmpty else {
            guard match.isEmpty else {
                throw forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
            }
            return nil
        }
        // On in 1.32, off again in 1.33, on since 1.34.
        guard api.minor == 32 || api.minor >= 34 else {
            throw forbidden(
                "sendInitialEvents",
                "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled")
        }
        guard match == "NotOlderThan" else {
            throw forbidden(
                "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
        }
        return ["1", "true"].contains(text)
    }
}
