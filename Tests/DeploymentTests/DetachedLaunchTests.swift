// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
@testable import Deployment
import FoundationEssentials
import Glibc
import Processes
import Rollout
import Testing
import Values

struct DetachedLaunchTests {
    @Test func `the process is told by standard input, confirms on descriptor 3, and lives on`() async throws {
        let run = try Run(
            """
            cat > "$IFLEARNERCTL_STATE_DIR/input"
            pwd > "$IFLEARNERCTL_STATE_DIR/folder"
            ls -l /proc/self/fd | awk '{print $9}' | grep . | sort -n > "$IFLEARNERCTL_STATE_DIR/descriptors"
            tr '\\0' '\\n' < /proc/$$/cmdline > "$IFLEARNERCTL_STATE_DIR/arguments"
            cut -d' ' -f6 /proc/$$/stat > "$IFLEARNERCTL_STATE_DIR/session"
            echo $$ > "$IFLEARNERCTL_STATE_DIR/pid"
            env | sort > "$IFLEARNERCTL_STATE_DIR/environment"
            echo "words of the worker"; echo "and errors" >&2
            printf x >&3
            """)
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        #expect(try await run.start(input: ["secret": "only here"], timeout: .seconds(20)) == .given)
        #expect(try run.read("input") == "{\"secret\":\"only here\"}")
        #expect(try run.read("folder") == "/\n")
        #expect(try run.read("log") == "words of the worker\nand errors\n")
        // 0 to 3, and the folder that ls itself reads.
        let descriptors = try run.read("descriptors").split(separator: "\n").compactMap { Int($0) }
        #expect(descriptors.prefix(4) == [0, 1, 2, 3])
        #expect(!descriptors.contains(Int(leak)) || leak <= 4, "\(descriptors)")
        #expect(try run.read("session") == run.read("pid"), "it leads a session of its own")
        #expect(try !run.read("arguments").contains("only here"))
        #expect(try !run.read("environment").contains("only here"))
        #expect(TemporaryFolder.mode(run.folder.path + "/log") == 0o600)
    }

    @Test func `nothing is added to the environment but where the state is`() async throws {
        let run = try Run("env -0 | tr '\\0' '\\n' | sort > \"$IFLEARNERCTL_STATE_DIR/environment\"; printf x >&3")
        #expect(try await run.start(timeout: .seconds(20)) == .given)
        let names = try run.read("environment").split(separator: "\n").compactMap { $0.split(separator: "=").first }
        #expect(
            Set(names.map(String.init)).subtracting(["PWD", "SHLVL", "_", "OLDPWD"]) == [
                "IFLEARNERCTL_STATE_DIR", "PATH",
            ])
    }

    @Test func `no instructions stay behind in a file`() async throws {
        let run = try Run("printf x >&3; cat > /dev/null")
        #expect(try await run.start(input: ["a": 1], timeout: .seconds(20)) == .given)
        let left = try FileManager.default.contentsOfDirectory(atPath: run.folder.path + "/jobs")
        #expect(left == [])
    }

    @Test(arguments: ["exit 0", "echo broken >&2; exit 3", "exec 3>&-; sleep 60"])
    func `one that gives no word is not waited for to the end`(script: String) async throws {
        let run = try Run(script)
        let clock = ContinuousClock()
        let began = clock.now
        #expect(try await run.start(timeout: .seconds(30)) == .ended)
        #expect(clock.now - began < .seconds(20))
    }

    @Test func `one that takes too long is ended: it must not begin what was given up`() async throws {
        let run = try Run("echo $$ > \"$IFLEARNERCTL_STATE_DIR/pid\"; exec sleep 600")
        #expect(try await run.start(timeout: .milliseconds(1500)) == .late)
        let pid = try #require(Int32(try run.read("pid").filter(\.isNumber)))
        #expect(!Self.isAlive(pid))
    }

    @Test func `a program that cannot be started is an error, and the log is named when it cannot be opened`()
        async throws
    {
        let folder = try TemporaryFolder()
        let launch = DetachedLaunch(
            state: StateDirectory(path: folder.path), environment: [:], time: .system, program: "/does/not/exist")
        await #expect(throws: SpawnError.self) {
            try await launch.start([], input: [:], log: folder.path + "/log", timeout: .seconds(1))
        }
        let error = await #expect(throws: StateDirectoryError.self) {
            try await launch.start([], input: [:], log: folder.path + "/no/log", timeout: .seconds(1))
        }
        #expect(error?.description.contains("/no/log") == true)
    }

    @Test func `instructions read as they were written, and nothing else does`() throws {
        let json: Value = [
            "handOver": [
                "version": 1, "job": "id", "deployment": "lungnet", "namespace": "iflearner", "objects": [],
                "leftovers": [], "hooks": [],
            ],
            "definitions": [["kind": "CustomResourceDefinition"]],
            "connection": ["kubeconfigs": ["/a", "/b"], "context": "lab"],
        ]
        let read = try #require(WorkerInstructions(json: json))
        #expect(read.connection == ConnectionReference(kubeconfigs: ["/a", "/b"], context: "lab"))
        #expect(read.definitions.count == 1)
        #expect(WorkerInstructions(json: read.json)?.connection == read.connection)
        for broken: Value in [
            nil, [:], ["handOver": [:], "connection": ["kubeconfigs": []]], ["handOver": json["handOver"] ?? nil],
        ] {
            #expect(WorkerInstructions(json: broken) == nil)
        }
    }

    private static func isAlive(_ pid: Int32) -> Bool {
        guard let status = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
        return !String(decoding: status, as: UTF8.self).contains(") Z ")
    }
}

/// A launch of a shell script.
private struct Run {
    let folder: TemporaryFolder
    private let launch: DetachedLaunch
    private let script: String

    init(_ script: String) throws {
        folder = try TemporaryFolder()
        // A file that was just written may be busy while other tests start processes: the shell reads it instead.
        self.script = try folder.write(script + "\n", to: "worker")
        launch = DetachedLaunch(
            state: StateDirectory(path: folder.path), environment: ["PATH": "/usr/bin:/bin"], time: .system,
            program: "/bin/sh")
    }

    func start(input: Value = [:], timeout: Duration) async throws -> DetachedLaunch.Confirmation {
        try await launch.start([script, "__worker"], input: input, log: folder.path + "/log", timeout: timeout)
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(folder.path)/\(name)")), as: UTF8.self)
    }
}
