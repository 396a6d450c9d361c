// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
import Values

/// What the user's kubeconfig files say, merged: whole entries of the first file that has them.
public struct Kubeconfig: Sendable {
    /// The clusters by name.
    public internal(set) var clusters: [String: ClusterEntry] = [:]
    /// The users by name.
    public internal(set) var users: [String: UserEntry] = [:]
    /// The contexts by name.
    public internal(set) var contexts: [String: ContextEntry] = [:]
    /// The context in force; nil when no file names one.
    public internal(set) var currentContext: String?
    /// The files that were read, as absolute paths where they could be made so.
    public internal(set) var files: [String] = []
    /// What the user should know although the files can be used: unknown keys, files that others can read.
    public internal(set) var warnings: [Diagnostic] = []

    /// Makes an empty configuration.
    public init() {}

    /// The names of the contexts, sorted.
    public var contextNames: [String] { contexts.keys.sorted() }

    /// Adds what is new in a file that comes later in the list.
    mutating func merge(_ later: Kubeconfig) {
        clusters.merge(later.clusters) { first, _ in first }
        users.merge(later.users) { first, _ in first }
        contexts.merge(later.contexts) { first, _ in first }
        currentContext = currentContext ?? later.currentContext
        files += later.files
        warnings += later.warnings
    }
}

/// A cluster of a kubeconfig.
public struct ClusterEntry: Sendable {
    /// The server's URL as written; empty when there is none.
    public var server = ""
    var tlsServerName: String?
    var isInsecure = false
    var authorityFile: Located<String>?
    var authorityData: Located<String>?
    var proxyURL: Located<String>?
    var disablesCompression = false
    /// What the entry wants its users' credential plugins to know.
    var pluginConfiguration: Value?
    /// Where the entry is.
    var origin: EntryOrigin
}

/// A user of a kubeconfig: how to prove who one is.
public struct UserEntry: Sendable {
    var certificateFile: Located<String>?
    var certificateData: Located<String>?
    var keyFile: Located<String>?
    var keyData: Located<String>?
    var token: Located<String>?
    var tokenFile: Located<String>?
    var username: String?
    var password: String?
    var impersonation = ImpersonationEntry()
    var authProvider: Located<String>?
    var exec: Located<ExecEntry>?
    /// Where the entry is.
    var origin: EntryOrigin
}

/// Whom a user of a kubeconfig acts as.
struct ImpersonationEntry: Sendable {
    var user: String?
    var uid: String?
    var groups: [String] = []
    var extra: [(key: String, values: [String])] = []
}

/// A program of a kubeconfig that gives credentials.
struct ExecEntry: Sendable {
    var apiVersion = ""
    var command = ""
    var arguments: [String] = []
    var environment: [(name: String, value: String)] = []
    var interactiveMode: String?
    var providesClusterInfo = false
    var installHint: String?
}

/// A context of a kubeconfig.
public struct ContextEntry: Sendable {
    /// The name of the cluster.
    public var cluster = ""
    /// The name of the user; empty for nobody.
    public var user = ""
    /// The namespace; nil when there is none.
    public var namespace: String?
    /// Where the entry is.
    var origin: EntryOrigin
}

/// Where an entry of a kubeconfig was found.
struct EntryOrigin: Sendable {
    var file: String
    var location: SourceLocation

    /// A path of the entry as seen from the folder of its file.
    func resolve(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }
}

/// A value with the place where it is written.
struct Located<Content: Sendable>: Sendable {
    var value: Content
    var location: SourceLocation
}
