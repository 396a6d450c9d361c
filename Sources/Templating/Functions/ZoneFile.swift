// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension GoTime {
    /// The same time in a zone by its name, such as `Europe/Berlin`; in UTC when there is no such zone.
    func inZone(_ name: String) -> GoTime {
        var result = self
        result.zone = .utc
        switch name {
        case "", "UTC": return result
        case "Local": return local
        default:
            if let zone = ZoneFile(name)?.zone(at: seconds) { result.zone = zone }
            return result
        }
    }
}

/// A time zone of the system's database (RFC 8536, version 2 or later).
private struct ZoneFile {
    private var transitions: [(time: Int64, type: Int)] = []
    private var types: [GoTime.Zone] = []

    private static let folder = "/usr/share/zoneinfo/"
    private static let sizeLimit = 1 << 20

    init?(_ name: String) {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || Bytes("/_+-").contains(byte)
        }
        guard isPlain, !name.hasPrefix("/"), let bytes = Self.read(Self.folder + name) else { return nil }
        var reader = Reader(bytes: bytes)
        guard let first = reader.header() else { return nil }
        // The first block has 32-bit times; the second repeats everything with 64 bits.
        reader.index += first.size(timeBytes: 4)
        guard let header = reader.header(), reader.index + header.size(timeBytes: 8) <= bytes.count else { return nil }
        let times = (0..<header.times).map { _ in Int64(bitPattern: reader.number(8)) }
        let kinds = (0..<header.times).map { _ in Int(reader.number(1)) }
        let entries = (0..<header.types).map { _ in
            (
                offset: Int64(Int32(truncatingIfNeeded: reader.number(4))), isDaylight: reader.number(1),
                name: Int(reader.number(1))
            )
        }
        let names = bytes[reader.index..<reader.index + header.characters]
        types = entries.map { entry in
            GoTime.Zone(offset: entry.offset, name: Bytes(names.dropFirst(entry.name).prefix { $0 != 0 }).text)
        }
        transitions = zip(times, kinds).map { ($0, $1) }
        guard kinds.allSatisfy({ $0 < types.count }), !types.isEmpty else { return nil }
    }

    func zone(at seconds: Int64) -> GoTime.Zone {
        types[transitions.last { $0.time <= seconds }?.type ?? 0]
    }

    private static func read(_ path: String) -> Bytes? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = Bytes(repeating: 0, count: sizeLimit)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return count > 44 ? Bytes(buffer[..<count]) : nil
    }

    private struct Header {
        var times: Int
        var types: Int
        var characters: Int
        var leaps: Int
        var standards: Int
        var universals: Int

        func size(timeBytes: Int) -> Int {
            times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4) + standards + universals
        }
    }

    private struct Reader {
        let bytes: Bytes
        var index = 0

        mutating func number(_ size: Int) -> UInt64 {
            guard index + size <= bytes.count else { return 0 }
            defer { index += size }
            return bytes[index..<index + size].reduce(0) { $0 << 8 | UInt64($1) }
        }

        mutating func header() -> Header? {
            guard index + 44 <= bytes.count, bytes.hasPrefix(Bytes("TZif"), at: index), bytes[index + 4] >= 0x32 else {
                return nil
            }
            index += 20
            let counts = (0..<6).map { _ in Int(number(4)) }
            return Header(
                times: counts[3], types: counts[4], characters: counts[5], leaps: counts[2], standards: counts[1],
                universals: counts[0])
        }
    }
}
