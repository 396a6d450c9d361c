// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Deployment
import FoundationEssentials
import Testing

struct StateTests {
    @Test(arguments: [
        (["IFLEARNERCTL_STATE_DIR": "/a", "XDG_STATE_HOME": "/b", "HOME": "/c"], "/a"),
        (["XDG_STATE_HOME": "/b", "HOME": "/c"], "/b/iflearnerctl"),
        (["IFLEARNERCTL_STATE_DIR": "", "XDG_STATE_HOME": "", "HOME": "/c"], "/c/.local/state/iflearnerctl"),
        (["XDG_STATE_HOME": "relative", "HOME": "/c"], "/c/.local/state/iflearnerctl"),
    ])
    func `the folder is the first that a variable names`(environment: [String: String], path: String) throws {
        #expect(try StateDirectory(environment: environment).path == path)
    }

    @Test func `a relative folder is made absolute, as workers run elsewhere`() throws {
        let state = try StateDirectory(environment: ["IFLEARNERCTL_STATE_DIR": "state"])
        #expect(state.path == FileManager.default.currentDirectoryPath + "/state")
    }

    @Test func `without any variable the error says which to set`() {
        let error = #expect(throws: StateDirectoryError.self) { try StateDirectory(environment: [:]) }
        #expect(error?.description.contains("IFLEARNERCTL_STATE_DIR") == true)
    }

    @Test func `what is kept is readable by its owner alone`() throws {
        let folder = try TemporaryFolder()
        let state = StateDirectory(path: folder.path + "/deep/state")
        try LocalIndex(state).add(Self.entry("a"))
        try state.make("jobs")
        #expect(TemporaryFolder.mode(state.path) == 0o700)
        #expect(TemporaryFolder.mode(state.path + "/jobs") == 0o700)
        #expect(TemporaryFolder.mode(state.path + "/index.jsonl") == 0o600)
    }

    @Test func `a folder that cannot be made is named`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("", to: "file")
        let state = StateDirectory(path: file + "/state")
        let error = #expect(throws: StateDirectoryError.self) { try LocalIndex(state).add(Self.entry("a")) }
        #expect(error?.description.contains(file + "/state") == true)
    }

    @Test func `jobs are remembered newest first and per server`() throws {
        let folder = try TemporaryFolder()
        let index = LocalIndex(StateDirectory(path: folder.path))
        #expect(index.entries(of: "https://one") == [])
        for (job, server) in [("a", "https://one"), ("b", "https://two"), ("c", "https://one")] {
            try index.add(Self.entry(job, server: server))
        }
        #expect(index.entries(of: "https://one") == [Self.entry("c"), Self.entry("a")])
        #expect(index.entries(of: "https://none") == [])
    }

    @Test func `damaged lines are passed over and stay harmless`() throws {
        let folder = try TemporaryFolder()
        let index = LocalIndex(StateDirectory(path: folder.path))
        try index.add(Self.entry("a"))
        let path = folder.path + "/index.jsonl"
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes += Data("\n{\n[1]\n{\"job\": 1}\nnull\n{\"job\":\"x\",\"deployment\":\"x\"}\n".utf8) + [0xff, 0xfe, 0x0a]
        try bytes.write(to: URL(filePath: path))
        try index.add(Self.entry("b"))
        #expect(index.entries(of: "https://one") == [Self.entry("b"), Self.entry("a")])
    }

    @Test func `the index does not grow without end`() throws {
        let folder = try TemporaryFolder()
        let index = LocalIndex(StateDirectory(path: folder.path))
        let long = String(repeating: "n", count: 4000)
        for number in 0..<200 { try index.add(Self.entry("\(number)", namespace: long)) }
        for number in 0..<20 { try index.add(Self.entry("late-\(number)")) }
        let entries = index.entries(of: "https://one")
        #expect(entries.first == Self.entry("late-19"))
        #expect(entries.count < 200)
        let size = try Data(contentsOf: URL(filePath: folder.path + "/index.jsonl")).count
        #expect(size < 510_000)
        #expect(TemporaryFolder.mode(folder.path + "/index.jsonl") == 0o600)
    }

    @Test func `several processes may add at once`() async throws {
        let folder = try TemporaryFolder()
        let index = LocalIndex(StateDirectory(path: folder.path))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 { group.addTask { try index.add(Self.entry("\(number)")) } }
            try await group.waitForAll()
        }
        #expect(Set(index.entries(of: "https://one").map(\.job)) == Set((0..<50).map(String.init)))
    }

    private static func entry(
        _ job: String, namespace: String = "iflearner", server: String = "https://one"
    ) -> LocalIndex.Entry {
        LocalIndex.Entry(job: job, deployment: "lungnet", namespace: namespace, server: server)
    }
}
