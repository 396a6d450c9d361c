// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import JobOperator

@Suite struct RepeatedFailuresTests {
    @Test func `failures that repeat themselves are told of less and less`() {
        let failures = RepeatedFailures<String>()
        let told = (1...20).compactMap { _ in failures.note("no", of: "a") }
        #expect(told == [1, 2, 4, 8, 16])
        #expect(failures.note("no", of: "b") == 1)
        #expect(failures.note("other", of: "a") == 1)
        #expect(failures.forget("a"))
        #expect(!failures.forget("a"))
        #expect(failures.note("other", of: "a") == 1)
    }
}
