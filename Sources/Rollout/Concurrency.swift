// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Collection where Self: Sendable, Element: Sendable {
    /// The results of an operation on every element at once, in order.
    ///
    /// The client bounds how many requests are in flight. The first error ends the others.
    func concurrentMap<Result: Sendable>(
        _ operation: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            for (index, element) in self.enumerated() {
                group.addTask { (index, try await operation(element)) }
            }
            var results: [Int: Result] = [:]
            for try await (index, result) in group { results[index] = result }
            return (0..<count).compactMap { results[$0] }
        }
    }
}

/// Runs an operation to its end even when the calling task is cancelled: a write that has begun is not torn off.
func uncancelled<Result: Sendable>(_ operation: @escaping @Sendable () async throws -> Result) async throws -> Result {
    try Task.checkCancellation()
    return try await Task { try await operation() }.value
}
