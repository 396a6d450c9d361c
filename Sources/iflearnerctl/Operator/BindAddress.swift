// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Sockets

/// Where something is served, as controller-runtime's flags have it: `:8081`, `127.0.0.1:8080`, or `0` for nowhere.
struct BindAddress: Sendable, ArgumentValue {
    /// The address; nil for nowhere.
    let address: ListenAddress?

    /// A port on all addresses.
    static func port(_ port: UInt16) -> BindAddress { BindAddress(address: ListenAddress(port: port)) }

    private init(address: ListenAddress?) { self.address = address }

    init(argument: String) throws(UsageError) {
        if argument == "0" {
            address = nil
            return
        }
        let text = argument.hasPrefix("localhost:") ? "127.0.0.1" + argument.dropFirst(9) : argument
        guard let read = ListenAddress(text) else {
            throw UsageError("expected an address such as :8081 or 127.0.0.1:8080, or 0")
        }
        address = read
    }
}
