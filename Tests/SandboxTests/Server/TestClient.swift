// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CCurl
import Dispatch
import Sandbox
import Values

/// A client that speaks to a sandbox over TLS, as any client does.
struct TestClient: Sendable {
    let url: String
    let authorityPEM: String
    var token: String
    var userAgent = "test/1.0"

    init(_ server: SandboxServer) {
        url = server.url
        authorityPEM = server.authorityPEM
        token = server.token
    }

    struct Answer: Sendable {
        var status = 0
        var headers: [(name: String, value: String)] = []
        var bytes: [UInt8] = []

        var text: String { String(decoding: bytes, as: UTF8.self) }
        /// The document; null when the body is none.
        var value: Value { (try? Value(json: bytes)) ?? .null }
        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
        /// The documents of the lines.
        var lines: [Value] { text.split(separator: "\n").compactMap { try? Value(json: String($0)) } }
    }

    struct Failure: Error { let code: UInt32 }

    /// Sends a request; blocks a thread that is not one of Swift's pool.
    func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, headers: [String] = [],
        onData: (@Sendable ([UInt8]) -> Bool)? = nil
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            // A queue of its own has a thread of its own: the shared ones are few.
            DispatchQueue(label: "test client").async {
                continuation.resume(
                    with: Result { try perform(method, path, body: body, headers: headers, onData: onData) })
            }
        }
    }

    func get(_ path: String, accept: String = "application/json") async throws -> Answer {
        try await send("GET", path, headers: ["Accept: \(accept)"])
    }

    func post(_ path: String, _ value: Value) async throws -> Answer {
        try await send("POST", path, body: value.json(), headers: ["Content-Type: application/json"])
    }

    func put(_ path: String, _ value: Value) async throws -> Answer {
        try await send("PUT", path, body: value.json(), headers: ["Content-Type: application/json"])
    }

    func patch(_ path: String, _ kind: String, _ value: Value) async throws -> Answer {
        try await send("PATCH", path, body: value.json(), headers: ["Content-Type: application/\(kind)"])
    }

    func apply(_ path: String, manager: String = "m", _ value: Value) async throws -> Answer {
        try await patch(path + (path.contains("?") ? "&" : "?") + "fieldManager=\(manager)", "apply-patch+yaml", value)
    }

    func delete(_ path: String, _ options: Value? = nil) async throws -> Answer {
        try await send("DELETE", path, body: options?.json(), headers: ["Content-Type: application/json"])
    }

    private final class Sink {
        var answer = Answer()
        let onData: (@Sendable ([UInt8]) -> Bool)?
        init(_ onData: (@Sendable ([UInt8]) -> Bool)?) { self.onData = onData }
    }

    private static let globalInit = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    private func perform(
        _ method: String, _ path: String, body: [UInt8]?, headers: [String], onData: (@Sendable ([UInt8]) -> Bool)?
    ) throws -> Answer {
        _ = Self.globalInit
        guard let handle = curl_easy_init() else { throw Failure(code: 2) }
        defer { curl_easy_cleanup(handle) }
        let sink = Sink(onData)
        let context = Unmanaged.passUnretained(sink).toOpaque()
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        for header in headers + ["Authorization: Bearer \(token)", "User-Agent: \(userAgent)", "Expect:"] {
            list = curl_slist_append(list, header)
        }
        _ = ccurl_set_string(handle, CURLOPT_URL, url + path)
        _ = ccurl_set_string(handle, CURLOPT_CUSTOMREQUEST, method)
        _ = ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = ccurl_set_long(handle, CURLOPT_TIMEOUT, 60)
        _ = ccurl_set_string(handle, CURLOPT_CAPATH, "/nonexistent")
        _ = authorityPEM.withCString { ccurl_set_blob(handle, CURLOPT_CAINFO_BLOB, $0, authorityPEM.utf8.count) }
        if let body {
            _ = ccurl_set_long(handle, CURLOPT_POSTFIELDSIZE, body.count)
            _ = body.withUnsafeBytes { bytes in
                ccurl_set_string(
                    handle, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
            }
        }
        _ = ccurl_set_list(handle, CURLOPT_HTTPHEADER, list)
        _ = ccurl_set_body_callback(
            handle,
            { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
                let data = UnsafeRawBufferPointer(start: bytes, count: size * count)
                sink.answer.bytes += data
                if let onData = sink.onData, !onData(Array(data)) { return 0 }
                return size * count
            }, context)
        _ = ccurl_set_header_callback(
            handle,
            { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
                let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
                let sides = line.split(separator: ":", maxSplits: 1)
                if sides.count == 2 {
                    sink.answer.headers.append(
                        (String(sides[0]), String(sides[1].drop { $0 == " " }.filter { !$0.isNewline })))
                }
                return size * count
            }, context)
        let code = curl_easy_perform(handle)
        // A reader that has seen enough ends the transfer itself.
        guard code == CURLE_OK || (onData != nil && code == CURLE_WRITE_ERROR) else {
            throw Failure(code: code.rawValue)
        }
        sink.answer.status = ccurl_get_long(handle, CURLINFO_RESPONSE_CODE)
        return sink.answer
    }
}

/// Runs a test against a sandbox of its own and stops it, whatever happens.
func withSandbox(
    _ configuration: SandboxConfiguration = .bare, _ test: (SandboxServer, TestClient) async throws -> Void
) async throws {
    let server = try await SandboxServer.start(configuration)
    do { try await test(server, TestClient(server)) } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

extension SandboxConfiguration {
    /// An API server with nothing behind it.
    static var bare: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.runsControlPlane = false
        return configuration
    }

    /// A cluster that is fast, but whose deadlines a busy machine can keep.
    static var brisk: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.timeScale = 100
        return configuration
    }

    /// A cluster that works as fast as it can.
    static var fast: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.timeScale = 1000
        return configuration
    }
}
