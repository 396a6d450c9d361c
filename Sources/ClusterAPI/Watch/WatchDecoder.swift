// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Cuts the body of a watch into lines, and lines into events.
struct WatchDecoder {
    /// The longest line; an object of a server is at most 3 MiB.
    static let longestLine = 8 << 20

    let request: RequestDescription
    private var partial: [UInt8] = []

    init(request: RequestDescription) {
        self.request = request
    }

    /// The events that end in this chunk; a line may come in any number of chunks.
    mutating func events(in chunk: [UInt8]) throws -> [WatchEvent] {
        var events: [WatchEvent] = []
        var start = chunk.startIndex
        while let end = chunk[start...].firstIndex(of: UInt8(ascii: "\n")) {
            partial += chunk[start..<end]
            start = end + 1
            if let event = try takeLine() { events.append(event) }
        }
        partial += chunk[start...]
        try checkLength()
        return events
    }

    /// The end of the body: half a line means that the connection broke.
    mutating func finish() throws {
        guard !partial.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) else { return }
        throw TransportError(.reset, "the watch broke off in the middle of an event", request: request)
    }

    private mutating func takeLine() throws -> WatchEvent? {
        try checkLength()
        let line = partial
        partial.removeAll(keepingCapacity: line.count < 1 << 16)
        guard line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }) else { return nil }
        let event: Value
        do {
            event = try Value(json: line, options: ResponseReading.reading)
        } catch {
            throw malformed("an event is not JSON: \(error)")
        }
        let object = event["object"] ?? .null
        switch event["type"]?.string {
        case "ADDED": return .added(KubernetesObject(object))
        case "MODIFIED": return .modified(KubernetesObject(object))
        case "DELETED": return .deleted(KubernetesObject(object))
        case "BOOKMARK": return .bookmark(resourceVersion: KubernetesObject(object).resourceVersion ?? "")
        case "ERROR":
            let status =
                APIStatus(object, httpStatus: 500)
                ?? APIStatus(code: 500, reason: .internalError, message: "the watch ended with an unreadable error")
            throw APIError(status: status, request: request)
        case let type: throw malformed("an event has the unknown type \(type ?? "(none)")")
        }
    }

    private func checkLength() throws {
        guard partial.count > Self.longestLine else { return }
        throw TransportError(
            .tooLarge, "an event of the watch is longer than \(Self.longestLine >> 20) MiB", request: request)
    }

    private func malformed(_ message: String) -> TransportError {
        TransportError(.malformed, message, request: request)
    }
}
