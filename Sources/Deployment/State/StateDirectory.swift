// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The folder in which this machine keeps what it may lose: the index of jobs it started, their logs, the sandbox.
///
/// Nothing in it is needed to continue a job: that is in the cluster. Everything in it is readable by its owner alone.
public struct StateDirectory: Sendable, Hashable {
    /// The absolute path.
    public let path: String

    /// A folder at a path.
    public init(path: String) { self.path = path }

    /// `$IFLEARNERCTL_STATE_DIR`, else `iflearnerctl` below `$XDG_STATE_HOME` or `~/.local/state`.
    ///
    /// A relative `$XDG_STATE_HOME` is passed over, as the XDG specification asks.
    /// - Throws: `StateDirectoryError.noHome` when none of the three is known.
    public init(environment: [String: String]) throws(StateDirectoryError) {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let path = variable("IFLEARNERCTL_STATE_DIR") {
            // Workers run in another folder: they must find the same place.
            self.path =
                path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        } else if let base = variable("XDG_STATE_HOME"), base.hasPrefix("/") {
            path = base + "/iflearnerctl"
        } else if let home = variable("HOME") {
            path = home + "/.local/state/iflearnerctl"
        } else {
            throw .noHome
        }
    }

    /// The log of a job's worker.
    public func jobLog(_ id: String) -> String { "\(path)/jobs/\(id).log" }

    /// The folder of the sandbox.
    public var sandbox: String { "\(path)/sandbox" }

    /// Makes the folder and one below it, for their owner alone, and gives the latter's path.
    @discardableResult
    public func make(_ subfolder: String = "") throws(StateDirectoryError) -> String {
        let folder = subfolder.isEmpty ? path : "\(path)/\(subfolder)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch let error as CocoaError {
            throw .notWritable(folder, reason: error.reason)
        } catch {
            throw .notWritable(folder, reason: "\(error)")
        }
        return folder
    }
}

/// Why there is no place for this machine's state.
public enum StateDirectoryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No variable names a place.
    case noHome
    /// The folder cannot be made.
    case notWritable(String, reason: String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .noHome: "no folder for state: set HOME or IFLEARNERCTL_STATE_DIR"
        case .notWritable(let folder, let reason):
            "cannot write \(folder): \(reason); set IFLEARNERCTL_STATE_DIR to a writable one"
        }
    }
}
