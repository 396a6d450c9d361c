// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

/// The built program, beside the test bundle, or the one that `IFLEARNERCTL_PROGRAM` names.
enum Program {
    /// Its path.
    static let path: String = {
        if let other = Environment.current["IFLEARNERCTL_PROGRAM"], !other.isEmpty { return other }
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let tests = String(decoding: buffer[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return tests.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/iflearnerctl"
    }()

    /// The folder of the package.
    static let package = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()

    /// Runs it to its end.
    static func run(
        _ arguments: [String], environment: [String: String], directory: String? = nil, input: String? = nil,
        timeout: Duration = .seconds(90)
    ) async throws -> Finished {
        var command = Command(path, arguments, environment: environment)
        command.directory = directory
        let errors = try AnonymousFile()
        command.errors = .descriptor(errors.descriptor)
        let typed = try AnonymousFile(input ?? "")
        if input != nil { command.input = .descriptor(typed.descriptor) }
        let clock = ContinuousClock()
        let start = clock.now
        let line = arguments.joined(separator: " ")
        let captured: CapturedOutput
        do {
            captured = try await command.capture(timeout: timeout, limit: 16 << 20)
        } catch {
            throw Unfinished(line: line, reason: "\(error)", errors: errors.text)
        }
        return Finished(
            line: line, status: captured.status, output: String(decoding: captured.output, as: UTF8.self),
            errors: errors.text, duration: clock.now - start)
    }

    /// A run that did not come to an end.
    struct Unfinished: Error {
        let line: String
        let reason: String
        let errors: String
    }
}

/// A file without a name, for what a program reads or writes.
final class AnonymousFile: Sendable {
    let descriptor: Int32

    init(_ text: String = "") throws {
        var name = Array("/tmp/iflearnerctl-e2e-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw SystemFailure("mkstemp") }
        unlink(&name)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw SystemFailure("write") }
            rest = rest.dropFirst(count)
        }
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { close(descriptor) }

    /// Everything in it.
    var text: String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }
}

/// A call of the system that failed.
struct SystemFailure: Error {
    let text: String
    init(_ call: String) { text = "\(call): \(String(cString: strerror(errno)))" }
}
