// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Diagnostics
import Glibc
import Testing

@Suite struct `Plan files` {
    /// A fresh folder, removed after the test.
    private func withFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/iflearnerctl-plan-XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer {
            for name in ["plan.yaml", "pipe"] { unlink("\(path)/\(name)") }
            rmdir(path)
        }
        try body(path)
    }

    private func problem(_ path: String) -> String? {
        do throws(PlanError) {
            _ = try PlanSource(contentsOf: path)
            return nil
        } catch {
            return error.diagnostics.map { $0.rendered() }.joined(separator: "\n")
        }
    }

    @Test func `100 MB are refused in milliseconds, unread`() throws {
        try withFolder { folder in
            let path = folder + "/plan.yaml"
            let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
            try #require(descriptor >= 0)
            try #require(ftruncate(descriptor, 100 << 20) == 0)
            close(descriptor)
            let time = ContinuousClock().measure {
                #expect(
                    problem(path)?.hasPrefix(
                        "error: \(path): the plan has 104857600 bytes, more than the 1048576 that are read")
                        == true)
            }
            #expect(time < .milliseconds(100))
        }
    }

    @Test func `an endless device is refused at the limit`() {
        #expect(problem("/dev/zero")?.contains("more than the 1048576 bytes") == true)
    }

    @Test func `a folder, and a file that is not there`() throws {
        try withFolder { folder in
            #expect(problem(folder)?.contains("cannot read \(folder): it is a folder") == true)
            #expect(problem(folder + "/plan.yaml")?.contains("there is no such file") == true)
            #expect(problem(folder + "/plan.yaml")?.contains("hint: write one with 'iflearnerctl init -o") == true)
        }
    }

    /// Whatever the bytes are, reading a plan ends with a plan or with problems.
    @Test func `mangled plans never crash it`() throws {
        let seed = try Fixtures.bytes("\(Fixtures.folder)/Plans/server.yaml")
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<500 {
            var bytes = seed
            for _ in 0...random(4) {
                let place = random(bytes.count)
                switch random(4) {
                case 0: bytes[place] = UInt8(random(256))
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + random(40)))
                case 2:
                    bytes.insert(
                        contentsOf: seed[place % seed.count..<min(seed.count, place % seed.count + random(60))],
                        at: place)
                default:
                    bytes[place] =
                        [UInt8(ascii: ":"), 0x0A, 0x20, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "&")][
                            random(6)]
                }
            }
            do throws(PlanError) {
                let plan = try PlanSource(bytes, file: "plan.yaml").plan()
                _ = plan.chartValues()
                _ = plan.maskedValue
            } catch {
                #expect(error.diagnostics.contains { $0.severity == .error })
                for diagnostic in error.diagnostics { _ = diagnostic.rendered() }
            }
        }
    }
}
