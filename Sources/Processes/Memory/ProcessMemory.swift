// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import CMalloc
internal import Glibc

/// The memory of this process.
public enum ProcessMemory {
    /// Gives memory back to the system that the C library keeps for later.
    ///
    /// What a long list took would stay with the process for good.
    public static func giveBack() { _ = malloc_trim(0) }

    /// How much of the memory of the machine the process has, in bytes; nil where `/proc` does not tell.
    public static var residentBytes: Int? {
        guard let file = fopen("/proc/self/statm", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
