// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

@Suite struct Commands {
    private func shell(_ script: String) -> Command { Command("sh", ["-c", script]) }

    @Test func `what a program prints and how it ends is caught`() async throws {
        let good = try await shell("printf 'a b'; exit 0").capture(timeout: .seconds(20))
        #expect(String(decoding: good.output, as: UTF8.self) == "a b" && good.status.isSuccess)
        let bad = try await shell("exit 3").capture(timeout: .seconds(20))
        #expect(bad.status == .code(3) && "\(bad.status)" == "exit code 3")
        let killed = try await shell("kill -9 $$").capture(timeout: .seconds(20))
        #expect(killed.status == .signal(9))
    }

    @Test func `a program gets its arguments, environment and folder as they are given`() async throws {
        var command = Command("sh", ["-c", "printf '%s|' \"$0\" \"$@\"; pwd; echo $X", "zero", "a b", "*", ""])
        command.environment = ["X": "y z", "PATH": "/usr/bin:/bin"]
        command.directory = "/"
        let output = try await command.capture(timeout: .seconds(20)).output
        #expect(String(decoding: output, as: UTF8.self) == "zero|a b|*||/\ny z\n")
    }

    @Test func `a program that is not there is said to be missing`() async {
        await #expect(throws: SpawnError.notFound("no-such-program")) {
            try await Command("no-such-program").capture(timeout: .seconds(1))
        }
        #expect(throws: SpawnError.notFound("/etc/")) { try Command("/etc/").spawn() }
    }

    @Test func `a NUL in an argument is refused`() {
        #expect(throws: SpawnError.self) { try Command("sh", ["a\0b"]).spawn() }
    }

    @Test func `a program that takes too long or prints too much is killed`() async {
        await #expect(throws: SpawnError.timedOut("sh", .milliseconds(100))) {
            try await shell("exec sleep 60").capture(timeout: .milliseconds(100))
        }
        await #expect(throws: SpawnError.tooMuchOutput("sh", limit: 1000)) {
            try await shell("exec yes").capture(timeout: .seconds(20), limit: 1000)
        }
    }

    @Test func `a cancelled task kills its program`() async {
        let task = Task { try await shell("exec sleep 60").capture(timeout: .seconds(60)) }
        let started = ContinuousClock.now
        try? await Task.sleep(for: .milliseconds(20))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    @Test func `J-3a a program gets the descriptors it is given and no other`() async throws {
        var pipe: [Int32] = [0, 0]
        #expect(Glibc.pipe(&pipe) == 0)
        let secret = open("/etc/passwd", O_RDONLY)
        defer { for descriptor in pipe + [secret] { close(descriptor) } }
        var command = shell("echo hello >&3; ls /proc/self/fd")
        command.passedDescriptors = [pipe[1]]
        let output = try await command.capture(timeout: .seconds(20)).output
        // 0, 1, 2, our 3, and the one with which ls reads the folder.
        #expect(String(decoding: output, as: UTF8.self).split(separator: "\n").count == 5)
        var buffer = [UInt8](repeating: 0, count: 6)
        #expect(read(pipe[0], &buffer, 6) == 6 && buffer == Array("hello\n".utf8))
    }

    @Test func `J-3a a worker has a session of its own`() async throws {
        var command = shell("ps -o sid= -p $$ || cut -d' ' -f6 /proc/$$/stat")
        command.ownSession = true
        command.errors = .null
        let own = try await command.capture(timeout: .seconds(20)).output
        let session = Int32(String(decoding: own, as: UTF8.self).filter(\.isNumber))
        #expect(session != nil && session != getsid(0))
    }

    @Test func `a child is waited for, and dead to its identity afterwards`() async throws {
        let child = try shell("exec sleep 60").spawn()
        var identity = ProcessIdentity.current
        #expect(identity.liveness == .alive)
        identity.pid = child.pid
        // Another process of this number: it started at another time.
        #expect(identity.liveness == .dead)
        child.send(SIGTERM)
        #expect(await child.wait() == .signal(SIGTERM))
        #expect(identity.liveness == .dead)
        identity.bootID = "another"
        #expect(identity.liveness == .unknown)
    }
}
