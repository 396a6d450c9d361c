// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Glibc

/// The bit of `poll` for a peer that has closed its side; Glibc shows it to C only when `_GNU_SOURCE` is set.
private let POLLRDHUP: Int32 = 0x2000

/// A connection of libmicrohttpd.
///
/// Unchecked: the library lets any thread suspend and resume a connection, and `Exchange` does so only under its lock and
/// only between the first callback of a request and its completion.
struct Connection: @unchecked Sendable {
    let pointer: OpaquePointer

    func suspend() { MHD_suspend_connection(pointer) }

    func resume() { MHD_resume_connection(pointer) }

    /// Closes the socket's both directions: the library would notice only at the next event that it shall close it.
    func shutDown() { _ = shutdown(MHDConnectionSocket(pointer), Int32(SHUT_RDWR)) }

    /// Whether the client has closed its side.
    var isHungUp: Bool {
        var descriptor = pollfd(fd: MHDConnectionSocket(pointer), events: Int16(POLLRDHUP), revents: 0)
        guard descriptor.fd >= 0, poll(&descriptor, 1, 0) > 0 else { return false }
        return Int32(descriptor.revents) & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL) != 0
    }

    /// The header fields of the request.
    var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        withUnsafeMutablePointer(to: &headers) { headers in
            _ = MHD_get_connection_values(
                pointer, .HEADER_KIND,
                { context, _, name, value in
                    if let name, let value {
                        context?.assumingMemoryBound(to: HTTPHeaders.self).pointee
                            .add(String(cString: name), String(cString: value))
                    }
                    return .YES
                }, headers)
        }
        return headers
    }

    /// Hands a response with a complete body to the library.
    func send(_ response: HTTPResponse, bytes: [UInt8]) -> MHD_Result {
        let body = bytes.withUnsafeBytes { buffer in
            MHD_create_response_from_buffer(
                buffer.count, UnsafeMutableRawPointer(mutating: buffer.baseAddress), .RESPMEM_MUST_COPY)
        }
        return send(response, body: body)
    }

    /// Hands a response over whose body is read from an exchange.
    func send(_ response: HTTPResponse, from exchange: Exchange) -> MHD_Result {
        let unknownSize = UInt64.max
        let body = MHD_create_response_from_callback(
            unknownSize, 64 << 10, readStream, Unmanaged.passRetained(exchange).toOpaque(), releaseStream)
        return send(response, body: body)
    }

    private func send(_ response: HTTPResponse, body: OpaquePointer?) -> MHD_Result {
        guard let body else { return .NO }
        defer { MHD_destroy_response(body) }
        for field in response.headers.fields { MHD_add_response_header(body, field.name, field.value) }
        return MHD_queue_response(pointer, UInt32(response.status), body)
    }
}
