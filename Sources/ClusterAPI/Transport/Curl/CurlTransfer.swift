// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CCurl
import Curl

/// One transfer on the loop's thread: libcurl calls back into it, and it fills the sink that the caller waits at.
final class CurlTransfer {
    /// What a transfer is for.
    enum Purpose: Sendable {
        /// To send a request and get its answer.
        case exchange
        /// To see the server's certificates and send nothing.
        case lookAtCertificates
    }

    let sink: TransferSink
    private let purpose: Purpose
    private var handle: EasyHandle
    private let request: HTTPRequest
    private let endpoint: ServerEndpoint
    private var status = 0
    private var headers = HTTPFields()
    private var headerBytes = 0
    private var bodyBytes = 0
    private var failure: TransportError?
    private var isPaused = false

    /// The most bytes of header fields that an answer may have.
    private static let headerLimit = 256 << 10

    var pointer: UnsafeMutableRawPointer { handle.pointer }

    /// Makes a transfer; nil when memory is short.
    init?(_ request: HTTPRequest, endpoint: ServerEndpoint, sink: TransferSink, purpose: Purpose) {
        guard let handle = EasyHandle() else { return nil }
        self.handle = handle
        self.request = request
        self.endpoint = endpoint
        self.sink = sink
        self.purpose = purpose
        CurlOptions.apply(request, endpoint, to: &self.handle)
        if purpose == .lookAtCertificates { self.handle.set(CURLOPT_CONNECT_ONLY, true) }
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_set_header_callback(self.handle.pointer, receiveHeader, context)
        _ = ccurl_set_body_callback(self.handle.pointer, receiveBody, context)
    }

    /// Takes one line of the head; the number of bytes taken, less to end the transfer.
    fileprivate func takeHeader(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        headerBytes += bytes.count
        guard headerBytes <= Self.headerLimit else {
            return fail(.tooLarge, "the head of the answer is larger than \(Self.headerLimit >> 10) KiB")
        }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // A new head: that of the final answer follows those of proxies and interim answers.
            headers = HTTPFields()
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if line == "\r\n" || line == "\n" {
            if status >= 200 { sink.takeHead(status: status, headers: headers) }
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...]
            let trimmed = value.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
            headers.append(String(line[..<colon]), String(trimmed))
        }
        return bytes.count
    }

    /// Takes a chunk of the body; the number of bytes taken, less to end the transfer, or the mark to pause it.
    fileprivate func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard sink.wantsMore else {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        bodyBytes += bytes.count
        guard request.lane == .streams || bodyBytes <= request.responseLimit else {
            return fail(.tooLarge, "the answer is larger than \(request.responseLimit >> 20) MiB")
        }
        sink.take(Array(bytes))
        return bytes.count
    }

    /// Goes on after the reader has made room.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        curl_easy_pause(handle.pointer, CURLPAUSE_CONT)
    }

    /// Tells the caller how the transfer ended.
    func finish(_ result: CURLcode) {
        if result == CURLE_OK {
            if purpose == .lookAtCertificates {
                sink.takeHead(status: 0, headers: HTTPFields())
                sink.take(Array(handle.serverCertificates.joined(separator: "\n").utf8))
            }
            sink.finish(nil)
        } else {
            sink.finish(failure ?? CurlFailure.error(result, handle, request, endpoint))
        }
    }

    private func fail(_ kind: TransportError.Kind, _ message: String) -> Int {
        failure = TransportError(kind, message, mayHaveBeenProcessed: true)
        return 0
    }
}

/// libcurl's callback for the head.
private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    forward(bytes, size * count, context) { $0.takeHeader($1) }
}

/// libcurl's callback for the body.
private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    forward(bytes, size * count, context) { $0.takeBody($1) }
}

private func forward(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ body: (CurlTransfer, UnsafeBufferPointer<UInt8>) -> Int
) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    return body(
        transfer, UnsafeBufferPointer(start: UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self), count: count)
    )
}
