// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Glibc
import Sockets
import Synchronization

/// The libmicrohttpd daemon, started once and stopped once.
final class Daemon: Sendable {
    let port: UInt16
    private let exchanges: ExchangeRegistry
    private let running: Mutex<Handle?>

    /// The daemon's pointer; libmicrohttpd lets any thread call what is called here.
    private struct Handle: @unchecked Sendable { let pointer: OpaquePointer }

    init(_ configuration: HTTPServer.Configuration, exchanges: ExchangeRegistry) throws(HTTPServerError) {
        var flags =
            MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_USE_SUSPEND_RESUME.rawValue | MHD_USE_TURBO.rawValue
        if configuration.tls != nil { flags |= MHD_USE_TLS.rawValue }
        let (listener, port): (Int32, UInt16)
        do {
            let socket = try ListeningSocket(ListenAddress(host: configuration.host, port: configuration.port))
            port = socket.port
            listener = socket.release()
        } catch {
            throw HTTPServerError(description: error.description)
        }
        let priorities = configuration.tls == nil ? nil : "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
        let pointer = withOptionalCString(priorities) { priorities in
            withOptionalCString(configuration.tls?.certificatePEM) { certificate in
                withOptionalCString(configuration.tls?.keyPEM) { key in
                    var options = [
                        MHD_OptionItem(option: .LISTEN_SOCKET, value: Int(listener), ptr_value: nil),
                        MHD_OptionItem(
                            option: .URI_LOG_CALLBACK,
                            value: unsafeBitCast(beginExchange as UriLogCallback, to: Int.self),
                            ptr_value: Unmanaged.passUnretained(exchanges).toOpaque()),
                        MHD_OptionItem(
                            option: .NOTIFY_COMPLETED,
                            value: unsafeBitCast(completeExchange as CompletedCallback, to: Int.self),
                            ptr_value: nil),
                        MHD_OptionItem(option: .CONNECTION_LIMIT, value: 4096, ptr_value: nil),
                        MHD_OptionItem(option: .CONNECTION_MEMORY_LIMIT, value: 128 << 10, ptr_value: nil),
                        MHD_OptionItem(option: .CONNECTION_TIMEOUT, value: 180, ptr_value: nil),
                        MHD_OptionItem(option: .THREAD_POOL_SIZE, value: 2, ptr_value: nil),
                    ]
                    if let certificate, let key, let priorities {
                        options += [
                            MHD_OptionItem(option: .HTTPS_PRIORITIES, value: 0, ptr_value: priorities),
                            MHD_OptionItem(option: .HTTPS_MEM_CERT, value: 0, ptr_value: certificate),
                            MHD_OptionItem(option: .HTTPS_MEM_KEY, value: 0, ptr_value: key),
                        ]
                    }
                    options.append(MHD_OptionItem(option: .END, value: 0, ptr_value: nil))
                    return MHDStartDaemon(flags, port, continueExchange, nil, options)
                }
            }
        }
        guard let pointer else {
            // Whether the library has closed the socket by then is not documented: closing it twice would be worse than a leak.
            let address = ListenAddress(host: configuration.host, port: port)
            throw HTTPServerError(
                description: "cannot listen on \(address): libmicrohttpd refused to start"
                    + (configuration.tls == nil ? "" : "; are the certificate and its key valid?"))
        }
        self.port = port
        self.exchanges = exchanges
        running = Mutex(Handle(pointer: pointer))
    }

    deinit {
        guard let handle = take() else { return }
        exchanges.endAll()
        MHD_stop_daemon(handle.pointer)
    }

    /// Stops: the end of what goes on, then the threads and the listening.
    ///
    /// Until then connections are still accepted, and what they ask is answered with 503. The library could stop to listen
    /// first, but `MHD_quiesce_daemon` races with its own threads: both take the socket out of an epoll set, and the one that
    /// comes second aborts the process (libmicrohttpd 0.9.75, daemon.c, "Failed to remove listen FD from epoll set").
    func stop() async {
        guard let handle = take() else { return }
        // The library aborts, too, when connections are suspended while it stops.
        exchanges.endAll()
        // The last chunks get a moment to leave; a client that does not read must not hold the stop up.
        for _ in 0..<200 where !exchanges.isEmpty {
            guard (try? await Task.sleep(for: .milliseconds(5))) != nil else { break }
        }
        MHD_stop_daemon(handle.pointer)
    }

    /// The running daemon, for the one who stops it.
    private func take() -> Handle? {
        running.withLock { running in
            defer { running = nil }
            return running
        }
    }
}

/// Calls a closure with C text that lives as long as the call; the library keeps none of it.
private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafeMutableRawPointer?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body(UnsafeMutableRawPointer(mutating: $0)) }
}
