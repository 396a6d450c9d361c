// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd

// What libmicrohttpd calls. The connection's context pointer holds one retained `Exchange` from the first to the last.

typealias UriLogCallback =
    @convention(c) (
        UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?
    ) -> UnsafeMutableRawPointer?

typealias CompletedCallback =
    @convention(c) (
        UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        MHD_RequestTerminationCode
    ) -> Void

/// A request line was read: its raw target is to be had only here.
let beginExchange: UriLogCallback = { context, target, _ in
    guard let context, let target else { return nil }
    let registry = Unmanaged<ExchangeRegistry>.fromOpaque(context).takeUnretainedValue()
    let exchange = Exchange(target: String(cString: target), registry: registry)
    return Unmanaged.passRetained(exchange).toOpaque()
}

/// The header was read, a piece of the body was, all of it was, or the connection was resumed.
let continueExchange: MHD_AccessHandlerCallback = { _, connection, _, method, _, data, size, context in
    guard let connection, let method, let size, let exchange = context?.pointee else { return .NO }
    let upload = UnsafeRawBufferPointer(start: data, count: size.pointee)
    size.pointee = 0
    return Unmanaged<Exchange>.fromOpaque(exchange).takeUnretainedValue()
        .proceed(connection: Connection(pointer: connection), method: method, upload: upload)
}

/// The connection has ended, or goes on to the next request.
let completeExchange: CompletedCallback = { _, _, context, _ in
    guard let exchange = context?.pointee else { return }
    context?.pointee = nil
    Unmanaged<Exchange>.fromOpaque(exchange).takeRetainedValue().complete()
}

/// The client can take more of a streamed body.
let readStream: MHD_ContentReaderCallback = { context, _, buffer, capacity in
    guard let context, let buffer else { return MHD_CONTENT_READER_END_WITH_ERROR }
    let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    return exchange.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: capacity))
}

/// A streamed response is destroyed.
let releaseStream: MHD_ContentReaderFreeCallback = { context in
    guard let context else { return }
    Unmanaged<Exchange>.fromOpaque(context).release()
}

let MHD_CONTENT_READER_END_OF_STREAM = -1
let MHD_CONTENT_READER_END_WITH_ERROR = -2
