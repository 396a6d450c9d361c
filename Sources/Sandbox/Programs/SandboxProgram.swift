// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A program that the sandbox really runs, in its own process, where a container's command line asks for it.
///
/// It lives as long as its container: it begins when the container has started, its task is cancelled when the pod is deleted or the
/// sandbox stops, and when it ends, the container ends and is started again as the pod's restart policy says.
public struct SandboxProgram: Sendable {
    /// Whether a container runs this program, by its image and by its command and arguments with `$(VAR)` expanded.
    public var matches: @Sendable (_ image: String, _ commandLine: [String]) -> Bool
    /// Whether the program says itself when it is ready; else it is when the container's simulated probe passes.
    public var reportsReadiness: Bool
    /// Runs until the program is done or its task is cancelled.
    ///
    /// Returning is exit code 0; `ProgramExit` tells another one, any other error is exit code 1.
    public var run: @Sendable (PodProgram) async throws -> Void

    /// Makes a program.
    public init(
        reportsReadiness: Bool = false, matches: @escaping @Sendable (_ image: String, _ commandLine: [String]) -> Bool,
        run: @escaping @Sendable (PodProgram) async throws -> Void
    ) {
        self.reportsReadiness = reportsReadiness
        self.matches = matches
        self.run = run
    }
}

/// How a program ends that does not just return.
public struct ProgramExit: Error, Sendable, Equatable {
    /// The exit code.
    public var code: Int
    /// What the container's status and the last line of its log say.
    public var message: String

    /// Makes an end.
    public init(_ code: Int, _ message: String = "") {
        self.code = code
        self.message = message
    }
}

/// One run of a program in a container: where it is, and how it reaches the API server.
public struct PodProgram: Sendable {
    /// The namespace of the pod.
    public let namespace: String
    /// The name of the pod.
    public let pod: String
    /// The name of the container.
    public let container: String
    /// Command and arguments, with `$(VAR)` expanded.
    public let commandLine: [String]
    /// The environment: what the container sets, whether by value or by reference, and where the API server is.
    public let environment: [String: String]
    /// The name of the pod's service account.
    public let serviceAccount: String
    /// The base of the API server's URLs.
    public let serverURL: String
    /// The certificate authority of the API server, as PEM.
    public let authorityPEM: String
    /// The bearer token of the service account, bound to the pod: a secret; nil where the container mounts none.
    public let token: String?
    /// How many times faster than real the cluster works.
    public let timeScale: Double
    let log: ProgramLog
    let readiness: @Sendable (Bool) -> Void

    /// Writes to the container's log; each line of the text becomes one of the log.
    public func log(_ text: String) { log.append(text) }

    /// Says whether the container is ready; counts for programs that report it.
    public func setReady(_ isReady: Bool) { readiness(isReady) }

    /// A kubeconfig that acts as the service account: a secret; nil where the container mounts no token.
    public var kubeconfig: String? {
        token.map { Kubeconfig.text(url: serverURL, authorityPEM: authorityPEM, token: $0, namespace: namespace) }
    }
}
