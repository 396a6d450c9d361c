// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An IP address and a port as the system takes them.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// Every address of a family.
    init(anyOf family: Int32, port: UInt16) {
        if family == AF_INET6 {
            store(sockaddr_in6(port: port))
        } else {
            store(sockaddr_in(port: port))
        }
    }

    /// A numeric address; nil when the text is none.
    init?(host: String, port: UInt16) {
        var v4 = sockaddr_in(port: port)
        var v6 = sockaddr_in6(port: port)
        if inet_pton(AF_INET, host, &v4.sin_addr) == 1 {
            store(v4)
        } else if inet_pton(AF_INET6, host, &v6.sin6_addr) == 1 {
            store(v6)
        } else {
            return nil
        }
    }

    /// What the system writes into a pointer, such as a peer; nil when it refuses.
    init?(filledBy fill: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) {
        let code = withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { fill($0, &length) }
        }
        guard code >= 0 else { return nil }
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// Hands the address to a function of the system.
    func with<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// The port, in this machine's order.
    var port: UInt16 {
        withUnsafePointer(to: storage) { storage in
            if family == AF_INET6 {
                storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    UInt16(bigEndian: $0.pointee.sin6_port)
                }
            } else {
                storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
            }
        }
    }

    /// Address and port as people write them; IPv4 in IPv6 clothes is shown as IPv4.
    var text: String {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = with { getnameinfo($0, $1, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) }
        guard code == 0 else { return "unknown" }
        var name = String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        if name.hasPrefix("::ffff:"), name.contains(".") { name = String(name.dropFirst(7)) }
        return name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)"
    }

    private mutating func store<Address>(_ address: Address) {
        length = socklen_t(MemoryLayout<Address>.size)
        withUnsafeMutableBytes(of: &storage) { storage in
            withUnsafeBytes(of: address) { storage.copyMemory(from: $0) }
        }
    }
}

extension sockaddr_in {
    fileprivate init(port: UInt16) {
        self.init()
        sin_family = sa_family_t(AF_INET)
        sin_port = port.bigEndian
    }
}

extension sockaddr_in6 {
    fileprivate init(port: UInt16) {
        self.init()
        sin6_family = sa_family_t(AF_INET6)
        sin6_port = port.bigEndian
    }
}
