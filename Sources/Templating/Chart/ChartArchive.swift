// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CArchive

/// Packed charts: `.tgz` files.
enum ChartArchive {
    /// The files of a packed chart, without the folder that holds them all.
    ///
    /// Links, devices and paths that lead elsewhere are refused, and so is what unpacks to more than a chart may hold.
    static func files(of bytes: [UInt8]) throws(ChartError) -> [ChartFile] {
        let reader = try ArchiveReader()
        var collection = ChartFileCollection()
        try bytes.withUnsafeBufferPointer { (buffer) throws(ChartError) in
            try reader.open(UnsafeRawBufferPointer(buffer))
            while let entry = try reader.next() {
                guard let path = try entry.chartPath() else { continue }
                try collection.add(path, try reader.contents(limit: collection.room, of: path))
            }
        }
        guard !collection.files.isEmpty else { throw ChartError("no files in chart archive") }
        return collection.files
    }
}

/// One member of an archive.
private struct ArchiveEntry {
    let handle: OpaquePointer

    /// The path below the chart's folder; nil for folders.
    func chartPath() throws(ChartError) -> String? {
        guard let name = archive_entry_pathname(handle) else { throw ChartError("chart archive has a nameless member") }
        let path = String(cString: name)
        switch archive_entry_filetype(handle) {
        case UInt32(S_IFDIR): return nil
        case UInt32(S_IFREG): break
        default: throw ChartError("chart illegally contains \(path), which is no regular file")
        }
        guard archive_entry_hardlink(handle) == nil, archive_entry_symlink(handle) == nil else {
            throw ChartError("chart illegally contains the link \(path)")
        }
        guard !path.hasPrefix("/"), !path.utf8.contains(0x5C), !path.contains(":") else {
            throw ChartError("chart illegally contains absolute paths: \(path)")
        }
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else { throw ChartError("chart illegally references parent directory: \(path)") }
        guard parts.count > 1 else { throw ChartError("chart illegally contains content outside the base directory") }
        return parts.dropFirst().joined(separator: "/")
    }

    private var S_IFDIR: Int32 { 0o040000 }
    private var S_IFREG: Int32 { 0o100000 }
}

/// libarchive's reader.
private final class ArchiveReader {
    private let handle: OpaquePointer

    init() throws(ChartError) {
        guard let handle = archive_read_new() else { throw ChartError("cannot read chart archives") }
        self.handle = handle
        archive_read_support_filter_gzip(handle)
        archive_read_support_format_tar(handle)
    }

    deinit {
        archive_read_free(handle)
    }

    func open(_ buffer: UnsafeRawBufferPointer) throws(ChartError) {
        guard archive_read_open_memory(handle, buffer.baseAddress, buffer.count) == ARCHIVE_OK else { throw failure() }
    }

    func next() throws(ChartError) -> ArchiveEntry? {
        var entry: OpaquePointer?
        let status = archive_read_next_header(handle, &entry)
        if status == ARCHIVE_EOF { return nil }
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else { throw failure() }
        return ArchiveEntry(handle: entry)
    }

    func contents(limit: Int, of path: String) throws(ChartError) -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = archive_read_data(handle, &buffer, buffer.count)
            guard count >= 0 else { throw failure() }
            if count == 0 { return result }
            result += buffer[..<count]
            guard result.count <= limit else {
                throw ChartError("decompressed chart file \(path) is larger than what is allowed")
            }
        }
    }

    private func failure() -> ChartError {
        let reason = archive_error_string(handle).map { String(cString: $0) } ?? "not a gzipped tar file"
        return ChartError("chart archive cannot be read: \(reason)")
    }
}
