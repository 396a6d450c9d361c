// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI

/// Labels that objects must have, as `-l` takes them: `a=b,c`.
struct LabelSelector: ArgumentValue {
    let value: Selector

    init(argument: String) throws(UsageError) {
        var selector = Selector()
        for term in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = term.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let isLabel = sides.first.map { !$0.isEmpty && !$0.contains { "!() \t".contains($0) } } ?? false
            guard isLabel, let name = sides.first else { throw UsageError("expected labels such as a=b,c") }
            if sides.count == 2 {
                // Both `a=b` and `a==b` are Kubernetes' own spelling.
                selector.labels[name] = String(sides[1].trimmingPrefix("="))
            } else {
                selector.presentLabels.append(name)
            }
        }
        value = selector
    }
}
