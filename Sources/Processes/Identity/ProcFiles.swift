// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Reads what `/proc` tells about processes.
enum ProcFiles {
    static func bootID() -> String? {
        read("/proc/sys/kernel/random/boot_id").map { text in String(text.prefix { !$0.isWhitespace }) }
    }

    /// The inode of the pid namespace, from a link such as `pid:[4026531836]`.
    static func pidNamespace() -> UInt64? {
        var status = stat()
        guard stat("/proc/self/ns/pid", &status) == 0 else { return nil }
        return UInt64(status.st_ino)
    }

    /// What `/proc/<pid>/stat` tells.
    struct Status {
        /// When the process started, in clock ticks since the boot.
        var startTicks: UInt64
        /// Whether it has ended, and only its parent has not asked how.
        var isZombie: Bool
    }

    /// The status of a process; nil where `/proc` shows none.
    static func status(of pid: Int32) -> Status? {
        guard pid > 0, let text = read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        // The second field is the command's name in parentheses and may hold blanks and parentheses itself.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let ticks = UInt64(fields[19]) else { return nil }
        return Status(startTicks: ticks, isZombie: fields[0] == "Z" || fields[0] == "X")
    }

    static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}
