// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CZlib

/// The gzip format by zlib: the same input always gives the same bytes.
enum Gzip {
    /// A text that is not gzip, is damaged, or expands beyond the limit.
    struct Failure: Error {
        var message: String
    }

    /// 15 bits of window, and 16 to have gzip's header and checksum around the data.
    private static let windowBits: Int32 = 15 + 16
    private static let pieceSize = 64 * 1024

    /// Compresses at the best ratio.
    static func compress(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        let started = deflateInit2_(
            &stream, Z_BEST_COMPRESSION, Z_DEFLATED, windowBits, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard started == Z_OK else { throw Failure(message: "zlib cannot start: \(started)") }
        defer { deflateEnd(&stream) }
        var input = bytes
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        var result: Int32 = Z_OK
        let output = input.withUnsafeMutableBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                result = deflate(&stream, Z_FINISH)
                count = output.count - Int(stream.avail_out)
            }
        }
        guard result == Z_STREAM_END else { throw Failure(message: "zlib ended with \(result)") }
        return output
    }

    /// Expands to at most `limit` bytes.
    static func expand(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        let started = inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard started == Z_OK else { throw Failure(message: "zlib cannot start: \(started)") }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output: [UInt8] = []
        var result: Int32 = Z_OK
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            repeat {
                let piece = [UInt8](unsafeUninitializedCapacity: pieceSize) { piece, count in
                    stream.next_out = piece.baseAddress
                    stream.avail_out = UInt32(piece.count)
                    result = inflate(&stream, Z_NO_FLUSH)
                    count = piece.count - Int(stream.avail_out)
                }
                output.append(contentsOf: piece)
                if piece.isEmpty && result == Z_OK { result = Z_BUF_ERROR }
            } while result == Z_OK && output.count <= limit
        }
        guard output.count <= limit else { throw Failure(message: "it expands beyond \(limit) bytes") }
        guard result == Z_STREAM_END, stream.avail_in == 0 else {
            throw Failure(message: "the compressed data is damaged (zlib \(result))")
        }
        return output
    }
}
