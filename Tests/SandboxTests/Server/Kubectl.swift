// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Sandbox

/// Runs an unmodified kubectl against a sandbox, with a home of its own.
final class Kubectl: Sendable {
    let executable: String
    private let home: String

    /// The releases at hand: the one on the path, and an old one if the environment names it.
    static var available: [String] {
        let environment = Environment.current
        let names = [environment["KUBECTL_OLD"] ?? "", "kubectl"]
        return names.filter { !$0.isEmpty }.compactMap { Environment.findExecutable($0, path: environment["PATH"]) }
    }

    init(_ executable: String, _ server: SandboxServer) throws {
        self.executable = executable
        var template = Array("/tmp/kubectl-test-XXXXXX".utf8CString)
        guard let path = mkdtemp(&template) else { throw Failure(text: "no temporary directory") }
        home = String(cString: path)
        try write("kubeconfig", server.kubeconfig)
    }

    struct Failure: Error { let text: String }

    struct Output: Sendable {
        var status: ExitStatus
        /// Standard output and standard error, as a user sees them.
        var text: String
    }

    /// Writes a file into the home and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = fopen("\(home)/\(name)", "w")
        defer { fclose(file) }
        guard let file, fputs(text, file) >= 0 else { throw Failure(text: "cannot write \(name)") }
        return "\(home)/\(name)"
    }

    func run(_ arguments: String...) async throws -> Output {
        let environment = ["HOME": home, "KUBECONFIG": "\(home)/kubeconfig", "PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        let command = Command(
            "/bin/sh", ["-c", "exec \"$0\" \"$@\" 2>&1", executable] + arguments, environment: environment)
        let result = try await command.capture(timeout: .seconds(40))
        return Output(status: result.status, text: String(decoding: result.output, as: UTF8.self))
    }

    func remove() async throws {
        _ = try await Command("/bin/rm", ["-rf", home]).capture(timeout: .seconds(10))
    }
}
