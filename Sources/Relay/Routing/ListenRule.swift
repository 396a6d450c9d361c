// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Sockets

/// Where the relay listens, and where connections from there lead.
public struct ListenRule: Sendable, Hashable, CustomStringConvertible {
    /// Where it listens.
    public var address: ListenAddress
    /// Where connections lead.
    public var target: HostPort

    /// Makes a rule.
    public init(_ address: ListenAddress, to target: HostPort) {
        self.address = address
        self.target = target
    }

    /// Why a text is no rule.
    public enum Problem: Error, Sendable, Hashable {
        /// There is no `=`.
        case noTarget
        /// What stands before the `=` is no place to listen.
        case address(String)
        /// What stands after the `=` is no `HOST:PORT`, and why.
        case target(String, HostPort.Fault)
    }

    /// Reads `PORT=HOST:PORT` or `ADDRESS:PORT=HOST:PORT`.
    public init(_ text: String) throws(Problem) {
        guard let equals = text.firstIndex(of: "=") else { throw .noTarget }
        let (left, right) = (String(text[..<equals]), String(text[text.index(after: equals)...]))
        guard let address = ListenAddress(left) else { throw .address(left) }
        do throws(HostPort.Fault) {
            self.init(address, to: try HostPort(right))
        } catch {
            throw .target(right, error)
        }
    }

    /// As it is typed.
    public var description: String {
        "\(address.host == nil ? String(address.port) : address.description)=\(target)"
    }
}
