// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Chart {
    /// Loads a chart from a folder or from a `.tgz` file.
    ///
    /// Honours `.helmignore`. Symbolic links are refused: a chart must not read what is not its own. Throws `ChartError`.
    public init(path: String) throws(ChartError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw ChartError("path \"\(path)\" not found: \(String(cString: strerror(errno)))")
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            try self.init(files: try ChartFolder(path).files())
        } else {
            try self.init(archive: try ChartFolder.contents(path, limit: ChartLimits.totalBytes))
        }
    }

    /// A chart from the bytes of a `.tgz` file.
    ///
    /// Links, paths that lead out of the chart and archives that unpack to more than 64 MiB are refused with
    /// `ChartError`.
    public init(archive bytes: [UInt8]) throws(ChartError) {
        try self.init(files: try ChartArchive.files(of: bytes))
    }
}

/// Reads the files of a chart's folder.
private struct ChartFolder {
    private let root: String
    private let rules: IgnoreRules
    private var collection = ChartFileCollection()

    init(_ path: String) throws(ChartError) {
        root = path.hasSuffix("/") ? path : path + "/"
        let ignore = root + ".helmignore"
        rules =
            access(ignore, F_OK) == 0
            ? try IgnoreRules(try Self.contents(ignore, limit: ChartLimits.fileBytes)) : try IgnoreRules()
    }

    func files() throws(ChartError) -> [ChartFile] {
        var reading = self
        try reading.read(below: "", depth: 0)
        return reading.collection.files
    }

    private mutating func read(below folder: String, depth: Int) throws(ChartError) {
        guard depth < ChartLimits.depth else { throw ChartError("chart folders are nested too deeply: \(folder)") }
        for name in try Self.names(in: root + folder) {
            let path = folder + name
            var status = stat()
            guard lstat(root + path, &status) == 0 else {
                throw ChartError("cannot read \(path): \(String(cString: strerror(errno)))")
            }
            let kind = status.st_mode & S_IFMT
            if rules.ignores(path, isFolder: kind == S_IFDIR) { continue }
            switch kind {
            case S_IFDIR: try read(below: path + "/", depth: depth + 1)
            case S_IFREG: try collection.add(path, try Self.contents(root + path, limit: collection.room))
            case S_IFLNK:
                throw ChartError("cannot load \(path): it is a symbolic link; put the file itself into the chart")
            default:
                throw ChartError("cannot load irregular file \(path) as it has file mode type bits set")
            }
        }
    }

    private static func names(in folder: String) throws(ChartError) -> [String] {
        guard let directory = opendir(folder) else {
            throw ChartError("cannot read \(folder): \(String(cString: strerror(errno)))")
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { Bytes($0).precedes(Bytes($1)) }
    }

    static func contents(_ path: String, limit: Int) throws(ChartError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ChartError("cannot read \(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, Int(status.st_size) <= limit else {
            throw ChartError("chart file \(path) is larger than \(limit) bytes")
        }
        // One byte more than the file has: a file that grew while it was read is noticed.
        let capacity = Int(status.st_size) + 1
        var failure: Int32 = 0
        let result = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
            while filled < capacity {
                let count = Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, capacity - filled)
                if count < 0 { failure = errno }
                if count <= 0 { break }
                filled += count
            }
        }
        guard failure == 0 else { throw ChartError("cannot read \(path): \(String(cString: strerror(failure)))") }
        guard result.count < capacity else { throw ChartError("chart file \(path) changes while it is read") }
        return result
    }
}
