// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension JobRecord {
    /// The most bytes a job record's JSON has (J-6).
    static let byteLimit = 32 * 1024

    /// The record cut down until its JSON fits: first long texts, then old events, then all but the first causes.
    ///
    /// What decides is kept: status, exit code, verdict, the state of each component and its first reason.
    func trimmed(to limit: Int = byteLimit) -> JobRecord {
        var record = self
        record.shorten(texts: 2000, states: 100, reasons: 10, causes: 50)
        if record.json.json().count <= limit { return record }
        record.shorten(texts: 400, states: 40, reasons: 3, causes: 20)
        if record.json.json().count <= limit { return record }
        record.shorten(texts: 120, states: 12, reasons: 1, causes: 5)
        return record
    }

    private mutating func shorten(texts: Int, states: Int, reasons: Int, causes: Int) {
        if self.states.count > states {
            let dropped = self.states.count - states
            let head = self.states.prefix(3)
            let tail = self.states.suffix(states - 3)
            let gap = JobEvent(time: tail.first?.time ?? createdAt, text: "(\(dropped) events left out)")
            self.states = head + [gap] + tail
        }
        self.states = self.states.map { JobEvent(time: $0.time, text: Self.cut($0.text, texts)) }
        for index in subJobs.indices {
            subJobs[index].reasons = subJobs[index].reasons.prefix(reasons).map { Self.cut($0, texts) }
        }
        self.causes = self.causes.prefix(causes).map { cause in
            var cause = cause
            cause.message = Self.cut(cause.message, texts)
            return cause
        }
        verdict = verdict.map { Self.cut($0, texts) }
        retained = Array(retained.prefix(100))
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        text.count <= limit ? text : String(text.prefix(limit - 1)) + "…"
    }
}
