// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A memory buffer OpenSSL reads from or writes to.
struct MemoryBIO: ~Copyable {
    let handle: OpaquePointer

    /// A buffer to write to.
    init() throws(CryptoError) {
        guard let handle = BIO_new(BIO_s_mem()) else { throw .openSSL("out of memory") }
        self.handle = handle
    }

    /// A buffer that holds bytes to read.
    init(_ bytes: [UInt8]) throws(CryptoError) {
        guard let handle = BIO_new(BIO_s_mem()) else { throw .openSSL("out of memory") }
        guard bytes.isEmpty || BIO_write(handle, bytes, Int32(bytes.count)) == bytes.count else {
            BIO_free(handle)
            throw .openSSL("out of memory")
        }
        self.handle = handle
    }

    deinit { BIO_free(handle) }

    /// What was written and not yet read.
    func contents() -> [UInt8] {
        var data: UnsafeMutablePointer<UInt8>?
        let count = BIO_ctrl(handle, BIO_CTRL_INFO, 0, &data)
        guard count > 0, let data else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: count))
    }

    func text() -> String { String(decoding: contents(), as: UTF8.self) }
}
