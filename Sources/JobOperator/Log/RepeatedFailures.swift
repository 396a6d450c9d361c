// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Decides which failures of a subject are worth a line: the first of a kind, and then fewer and fewer of the same.
final class RepeatedFailures<Subject: Hashable & Sendable>: Sendable {
    private struct Record {
        var text: String
        var count: Int
    }

    private let records = Mutex<[Subject: Record]>([:])

    /// Counts a failure.
    ///
    /// - Returns: how often the same one has happened in a row, when that is worth a line: 1, 2, 4, 8 and so on; nil else.
    func note(_ text: String, of subject: Subject) -> Int? {
        let count = records.withLock { records -> Int in
            guard var record = records[subject], record.text == text else {
                records[subject] = Record(text: text, count: 1)
                return 1
            }
            record.count += 1
            records[subject] = record
            return record.count
        }
        return count & (count - 1) == 0 ? count : nil
    }

    /// Forgets a subject that is well again.
    ///
    /// - Returns: whether it was not.
    @discardableResult
    func forget(_ subject: Subject) -> Bool { records.withLock { $0.removeValue(forKey: subject) } != nil }
}
