// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import CCurl

/// One libcurl transfer with the memory that it needs as long as it lives.
///
/// It is used by one thread at a time, as libcurl asks.
public struct EasyHandle: ~Copyable {
    /// The handle, for functions of libcurl that are not wrapped here.
    public let pointer: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var connectTo: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private var body: UnsafeMutableBufferPointer<UInt8>?

    /// Makes a handle; nil when memory is short.
    public init?() {
        guard CurlLibrary.isReady, let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        _ = ccurl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headers)
        curl_slist_free_all(connectTo)
        errorText.deallocate()
        body?.deallocate()
    }

    /// What libcurl says about the failure; empty when it says nothing.
    public var failureText: String { String(cString: errorText) }

    /// Sets an option that takes a number or a set of bits.
    public func set(_ option: CURLoption, _ value: Int) { _ = ccurl_set_long(pointer, option, value) }
    /// Sets an option that is on or off.
    public func set(_ option: CURLoption, _ value: Bool) { _ = ccurl_set_long(pointer, option, value ? 1 : 0) }
    /// Sets an option that takes text, which libcurl copies; nil unsets it.
    public func set(_ option: CURLoption, _ value: String?) {
        if let value {
            _ = ccurl_set_string(pointer, option, value)
        } else {
            _ = ccurl_set_string(pointer, option, nil)
        }
    }
    /// Sets an option that takes text, from bytes of any encoding without a NUL.
    public func set(_ option: CURLoption, bytes: [UInt8]) {
        _ = (bytes + [0]).withUnsafeBytes {
            ccurl_set_string(pointer, option, $0.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
    }
    /// Sets an option that takes certificates or keys as PEM, which libcurl copies.
    public func set(_ option: CURLoption, pem: [UInt8]) {
        _ = pem.withUnsafeBytes { ccurl_set_blob(pointer, option, $0.baseAddress, $0.count) }
    }

    /// Sets the request's header fields, as lines.
    public mutating func setHeaders(_ lines: [String]) {
        for line in lines { headers = curl_slist_append(headers, line) }
        _ = ccurl_set_list(pointer, CURLOPT_HTTPHEADER, headers)
    }

    /// Connects to another place than the URL says, without changing whose certificate is expected.
    public mutating func setConnectTo(_ rule: String) {
        connectTo = curl_slist_append(connectTo, rule)
        _ = ccurl_set_list(pointer, CURLOPT_CONNECT_TO, connectTo)
    }

    /// Sets the request's body; libcurl reads it from our memory, also when it sends the request once more.
    public mutating func setBody(_ bytes: [UInt8]) {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, bytes.count))
        _ = copy.initialize(from: bytes)
        body = copy
        set(CURLOPT_POST, true)
        set(CURLOPT_POSTFIELDSIZE, bytes.count)
        _ = ccurl_set_pointer(pointer, CURLOPT_POSTFIELDS, copy.baseAddress)
    }

    /// A fact that is a number.
    public func long(_ info: CURLINFO) -> Int { ccurl_get_long(pointer, info) }
    /// A fact that is a large number, such as a time in microseconds.
    public func offset(_ info: CURLINFO) -> Int64 { Int64(ccurl_get_offset(pointer, info)) }
    /// The socket of a connection that was asked for alone (`CURLOPT_CONNECT_ONLY`); -1 for none.
    public var activeSocket: Int32 { ccurl_get_socket(pointer) }

    /// The PEM texts of the certificates that the server showed, its own first.
    public var serverCertificates: [String] {
        guard let information = ccurl_get_certificates(pointer)?.pointee, let lists = information.certinfo else {
            return []
        }
        return (0..<Int(information.num_of_certs)).compactMap { position in
            var entry = lists[position]
            while let current = entry {
                if let data = current.pointee.data {
                    let text = String(cString: data)
                    if text.hasPrefix("Cert:") { return String(text.dropFirst(5)) }
                }
                entry = current.pointee.next
            }
            return nil
        }
    }
}
