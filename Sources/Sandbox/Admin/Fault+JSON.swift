// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

extension Fault {
    /// Reads `{method, path, count}` and one of `status` (with `retryAfter`), `denied` (with `code`), `delay` and `slow` (milliseconds),
    /// `drop` and `hang` (`before` or `after`), and `watch` (with `after`); a count of 0 means all requests, none means one.
    /// - Throws: `StatusError` that says what such a document may hold.
    public init(_ value: Value) throws {
        let asked = value["count"]?.int.map { Int(clamping: $0) } ?? 1
        self.init(
            try Self.effect(value), method: value["method"]?.string, path: value["path"]?.string ?? "",
            count: asked == 0 ? nil : asked)
        do { _ = try Regex(path) } catch {
            throw StatusError.badRequest("the path of a fault is no regular expression: \(path)")
        }
    }

    private static func effect(_ value: Value) throws -> Effect {
        func number(_ key: String) -> Int? { value[key]?.int.map { Int(clamping: $0) } }
        var effects: [Effect] = []
        if let status = number("status") { effects.append(.status(status, retryAfter: number("retryAfter"))) }
        if let message = value["denied"]?.string { effects.append(.denied(message, code: number("code") ?? 403)) }
        if let delay = number("delay") { effects.append(.delay(.milliseconds(delay))) }
        if let delay = number("slow") { effects.append(.slow(.milliseconds(delay))) }
        switch value["drop"]?.string {
        case "before": effects.append(.dropBefore)
        case "after": effects.append(.dropAfter)
        default: break
        }
        switch value["hang"]?.string {
        case "before": effects.append(.hangBefore)
        case "after": effects.append(.hangAfter)
        default: break
        }
        if let watch = WatchFault(value) { effects.append(.watch(watch, after: number("after") ?? 0)) }
        guard effects.count == 1 else {
            throw StatusError.badRequest(
                "a fault has one of status, denied, delay and slow (milliseconds), drop and hang (before, after), and watch "
                    + "(end, break, silence, error, cut, line, pad, duplicate, reverse)")
        }
        return effects[0]
    }
}

extension WatchFault {
    /// Reads `{watch, code, text, bytes}`; nil for what is no fault of a watch.
    fileprivate init?(_ value: Value) {
        switch value["watch"]?.string {
        case "end": self = .end
        case "break": self = .breakOff
        case "silence": self = .silence
        case "error": self = .error(value["code"]?.int.map { Int(clamping: $0) } ?? 410)
        case "cut": self = .cut(isClean: value["clean"]?.bool ?? false)
        case "line": self = .line(value["text"]?.string ?? "")
        case "pad": self = .pad(value["bytes"]?.int.map { Int(clamping: $0) } ?? 3 << 20)
        case "duplicate": self = .duplicate
        case "reverse": self = .reverse
        default: return nil
        }
    }
}
