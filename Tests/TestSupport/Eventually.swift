// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Testing

/// Waits until something is so.
///
/// An error counts as not yet; the last one is thrown when the time is over.
///
/// - Parameters:
///   - what: What is waited for, as in `the job runs`.
///   - limit: When it counts as never: long after the slowest machine would be done.
///   - details: What helps to see why, such as a log.
///   - sourceLocation: Where the issue is recorded.
///   - isSo: Looks whether it is so.
/// - Throws: `NeverHappened`, after an issue was recorded; what `isSo` throws.
public func eventually(
    _ what: String, within limit: Duration = .seconds(60), showing details: () -> String = { "" },
    sourceLocation: SourceLocation = #_sourceLocation, _ isSo: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if (try? await isSo()) == true { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    let result: Result<Bool, any Error>
    do { result = .success(try await isSo()) } catch { result = .failure(error) }
    if case .success(true) = result { return }
    Issue.record("never happened: \(what) \(details())", sourceLocation: sourceLocation)
    _ = try result.get()
    throw NeverHappened(what: what)
}

/// What a test waited for in vain.
public struct NeverHappened: Error {
    /// As in `the job runs`.
    public let what: String

    /// Makes the error.
    public init(what: String) { self.what = what }
}
