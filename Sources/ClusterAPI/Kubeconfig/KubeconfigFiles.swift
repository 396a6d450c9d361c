// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Processes

/// Finds and reads the kubeconfig files that are in force.
enum KubeconfigFiles {
    /// The largest file that is read.
    private static let sizeLimit = 16 << 20

    /// The merged configuration, and where was looked.
    ///
    /// An explicit path alone counts and must exist; else `KUBECONFIG`, a list of which files may be missing; else
    /// `~/.kube/config`.
    static func load(
        explicit: String?, environment: [String: String]
    ) throws(KubeconfigError) -> (config: Kubeconfig, searched: [String]) {
        if let explicit {
            guard let config = try read(explicit) else {
                throw KubeconfigError("there is no kubeconfig \(explicit)", hint: "check --kubeconfig")
            }
            return (config, [explicit])
        }
        let paths = candidates(environment)
        var merged = Kubeconfig()
        for path in paths {
            if let config = try read(path) { merged.merge(config) }
        }
        return (merged, paths)
    }

    private static func candidates(_ environment: [String: String]) -> [String] {
        if let list = environment["KUBECONFIG"], !list.isEmpty {
            var seen = Set<String>()
            return list.split(separator: ":").map(String.init).filter { seen.insert($0).inserted }
        }
        return environment["HOME"].map { ["\($0)/.kube/config"] } ?? []
    }

    /// The configuration of a file; nil when there is none.
    private static func read(_ path: String) throws(KubeconfigError) -> Kubeconfig? {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, limit: sizeLimit)
        } catch {
            if error.isMissing { return nil }
            throw KubeconfigError("the kubeconfig \(path) cannot be read: \(error.reason)")
        }
        var config = try KubeconfigReader.read(bytes, file: path)
        if let permissions = FileBytes.permissions(of: path), permissions & 0o077 != 0, holdsSecrets(config) {
            config.warnings.append(
                Diagnostic(
                    "the kubeconfig \(path) can be read by others", severity: .warning, hint: "chmod 600 \(path)"))
        }
        return config
    }

    private static func holdsSecrets(_ config: Kubeconfig) -> Bool {
        config.users.values.contains { $0.keyData != nil || $0.token != nil || $0.password != nil }
    }
}
