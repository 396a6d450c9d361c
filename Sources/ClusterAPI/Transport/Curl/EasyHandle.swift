// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CCurl

/// One libcurl transfer with the memory that it needs as long as it lives.
struct EasyHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var connectTo: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private var body: UnsafeMutableBufferPointer<UInt8>?

    /// Makes a handle; nil when memory is short.
    init?() {
        guard let pointer = curl_easy_init() else { return nil }
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
    var failureText: String { String(cString: errorText) }

    func set(_ option: CURLoption, _ value: Int) { _ = ccurl_set_long(pointer, option, value) }
    func set(_ option: CURLoption, _ value: Bool) { _ = ccurl_set_long(pointer, option, value ? 1 : 0) }
    func set(_ option: CURLoption, _ value: String?) {
        if let value {
            _ = ccurl_set_string(pointer, option, value)
        } else {
            _ = ccurl_set_string(pointer, option, nil)
        }
    }
    func set(_ option: CURLoption, pem: [UInt8]) {
        _ = pem.withUnsafeBytes { ccurl_set_blob(pointer, option, $0.baseAddress, $0.count) }
    }

    /// Sets the request's header fields, as lines.
    mutating func setHeaders(_ lines: [String]) {
        for line in lines { headers = curl_slist_append(headers, line) }
        _ = ccurl_set_list(pointer, CURLOPT_HTTPHEADER, headers)
    }

    /// Connects to another place than the URL says, without changing whose certificate is expected.
    mutating func setConnectTo(_ rule: String) {
        connectTo = curl_slist_append(connectTo, rule)
        _ = ccurl_set_list(pointer, CURLOPT_CONNECT_TO, connectTo)
    }

    /// Sets the request's body; libcurl reads it from our memory, also when it sends the request once more.
    mutating func setBody(_ bytes: [UInt8]) {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, bytes.count))
        _ = copy.initialize(from: bytes)
        body = copy
        set(CURLOPT_POST, true)
        set(CURLOPT_POSTFIELDSIZE, bytes.count)
        _ = ccurl_set_pointer(pointer, CURLOPT_POSTFIELDS, copy.baseAddress)
    }

    func long(_ info: CURLINFO) -> Int { ccurl_get_long(pointer, info) }
    func offset(_ info: CURLINFO) -> Int64 { Int64(ccurl_get_offset(pointer, info)) }

    /// The PEM texts of the certificates that the server showed, its own first.
    var serverCertificates: [String] {
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
