// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Crypto
import Diagnostics
import Processes

/// A folder of kubeconfig files for one test, away from the user's own.
struct KubeconfigFixture {
    let folder: String
    var environment: [String: String]

    init() throws {
        folder = "/tmp/iflearnerctl-kubeconfig-\(UInt64.random(in: 0 ... .max))"
        try FileBytes.makeFolder(folder)
        environment = ["HOME": folder]
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let path = "\(folder)/\(name)"
        try FileBytes.replace(path, with: Array(text.utf8))
        return path
    }

    /// A file with one context `c`, cluster `k` and user `u`.
    @discardableResult
    func writeSimple(
        _ name: String = "config", cluster: String = "{server: https://k.example:6443}", user: String = "{token: t}",
        context: String = "{cluster: k, user: u}", more: String = ""
    ) throws -> String {
        try write(
            name,
            """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: k, cluster: \(cluster)}]
            users: [{name: u, user: \(user)}]
            contexts: [{name: c, context: \(context)}]
            \(more)
            """)
    }

    func resolve(_ file: String? = "config", context: String? = nil, clock: TestClock = TestClock()) throws
        -> ClusterConnection
    {
        try ClusterConnection.resolve(
            ConnectionOptions(kubeconfig: file.map { "\(folder)/\($0)" }, context: context), environment: environment,
            time: clock.source)
    }

    /// What is wrong with the configuration, as it is printed.
    func problem(_ file: String? = "config", context: String? = nil, clock: TestClock = TestClock()) -> String {
        do {
            let connection = try resolve(file, context: context, clock: clock)
            return "no problem: \(connection.context)"
        } catch let error as KubeconfigError {
            return error.diagnostics.map { $0.rendered() }.joined(separator: "\n")
                .replacing(folder + "/", with: "")
        } catch {
            return "\(error)"
        }
    }
}
