// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What a client wants of a container's log: the fields of `PodLogOptions`.
struct PodLogOptions: Sendable, Equatable {
    /// The container; nil where the pod has but one.
    var container: String?
    /// Whether to go on as lines are written.
    var follow = false
    /// Whether the log of the container before its last restart is wanted.
    var previous = false
    /// Whether each line begins with its time.
    var timestamps = false
    /// How many of the last lines are wanted; nil for all.
    var tailLines: Int?
    /// How many seconds back the lines shall reach; nil for all.
    var sinceSeconds: Int?
    /// From when on lines are wanted; nil for all.
    var sinceTime: Timestamp?
    /// How many bytes are wanted at most; nil for all.
    var limitBytes: Int?

    init() {}

    /// Reads the query of a request.
    ///
    /// - Parameter value: The value of a parameter; nil where it is missing.
    /// - Throws: `StatusError` for values that a real server refuses.
    init(query value: (String) -> String?) throws {
        func flag(_ name: String) -> Bool { ["true", "1"].contains(value(name) ?? "") }
        func number(_ name: String, atLeast lowest: Int) throws -> Int? {
            guard let text = value(name), !text.isEmpty else { return nil }
            guard let number = Int(text) else {
                throw StatusError.badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
            }
            guard number >= lowest else {
                let why = lowest == 0 ? "must be greater than or equal to 0" : "must be greater than 0"
                throw StatusError.invalid(
                    group: "", kind: "PodLogOptions", name: "", [.invalid(FieldPath(name), .int(Int64(number)), why)])
            }
            return number
        }
        container = value("container").flatMap { $0.isEmpty ? nil : $0 }
        follow = flag("follow")
        previous = flag("previous")
        timestamps = flag("timestamps")
        tailLines = try number("tailLines", atLeast: 0)
        sinceSeconds = try number("sinceSeconds", atLeast: 1)
        limitBytes = try number("limitBytes", atLeast: 1)
        guard let text = value("sinceTime"), !text.isEmpty else { return }
        guard let time = Timestamp(text) else {
            throw StatusError.badRequest("parsing time \"\(text)\" as RFC 3339 failed")
        }
        sinceTime = time
    }
}
