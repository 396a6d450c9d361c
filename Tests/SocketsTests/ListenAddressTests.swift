// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Sockets
import Testing

struct ListenAddressTests {
    @Test(
        arguments: [
            ("8081", nil, 8081, ":8081"), (":8081", nil, 8081, ":8081"),
            ("127.0.0.1:80", "127.0.0.1", 80, "127.0.0.1:80"),
            ("[::1]:443", "::1", 443, "[::1]:443"), ("0.0.0.0:0", "0.0.0.0", 0, "0.0.0.0:0"),
        ] as [(String, String?, UInt16, String)])
    func `an address is read and shown`(text: String, host: String?, port: UInt16, shown: String) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.description == shown)
    }

    @Test(arguments: [
        "", ":", "x", "65536", "-1", "+1", "1.2.3:80", "::1:80", "[127.0.0.1]:80", "[]:80", "host:80", "80:",
    ])
    func `what is no address is refused`(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}

struct ListeningSocketTests {
    @Test(arguments: [nil, "127.0.0.1"] as [String?])
    func `connections over IPv4 arrive and are named`(host: String?) throws {
        let socket = try ListeningSocket(ListenAddress(host: host, port: 0))
        #expect(socket.port != 0)
        let client = try connection(to: socket.port)
        defer { close(client) }
        var waiting = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&waiting, 1, 10_000) == 1)
        let accepted = accept(socket.descriptor, nil, nil)
        defer { close(accepted) }
        #expect(peerName(of: accepted).hasPrefix("127.0.0.1:"))
        #expect(peerName(of: client) == "127.0.0.1:\(socket.port)")
    }

    @Test func `a port in use is an error that names it`() throws {
        let first = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
        let port = first.port
        let error = #expect(throws: SocketError.self) {
            _ = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: port))
        }
        #expect(error?.description == "cannot listen on 127.0.0.1:\(port): the port is in use")
        #expect(first.port == port)
    }

    @Test func `an address of another machine is an error`() {
        let error = #expect(throws: SocketError.self) {
            _ = try ListeningSocket(ListenAddress(host: "192.0.2.1", port: 0))
        }
        #expect(error?.code == EADDRNOTAVAIL)
    }

    @Test func `a socket that was released outlives its owner, another does not`() throws {
        let socket = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
        let port = socket.port
        let descriptor = socket.release()
        close(try connection(to: port))
        close(descriptor)
        #expect(throws: NotConnected.self) { close(try connection(to: port)) }
        let other: UInt16
        do {
            let short = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
            other = short.port
        }
        #expect(throws: NotConnected.self) { close(try connection(to: other)) }
    }

    private struct NotConnected: Error {}

    private func connection(to port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw NotConnected()
        }
        return descriptor
    }
}
