// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import FoundationEssentials

/// Plans for tests.
enum Plans {
    private static let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(4).joined(separator: "/")

    static func plan(_ text: String) throws -> ClusterPlan {
        try PlanSource(Array(text.utf8), file: "cluster.yaml").plan()
    }

    /// A server's plan with these lines more.
    static func server(_ lines: String = "") throws -> ClusterPlan {
        try plan("name: lungnet\nnamespace: iflearner\nrole: server\n" + lines)
    }

    /// A federate's plan with these lines more.
    static func federate(_ lines: String = "") throws -> ClusterPlan {
        try plan(
            "name: lungnet\nnamespace: fl\nrole: federate\npartyId: a\n"
                + "flow-federate: {serverAddress: 'fl.example:443', trainingAddress: 'fl.example:443'}\n" + lines)
    }

    /// One of the examples, with settings laid over it.
    static func example(_ name: String, _ settings: [String: String] = [:]) throws -> ClusterPlan {
        var source = try PlanSource(contentsOf: "\(repository)/examples/\(name).yaml")
        for (path, value) in settings.sorted(by: { $0.key < $1.key }) {
            source = try source.setting(path, to: value)
        }
        return try source.plan()
    }
}
