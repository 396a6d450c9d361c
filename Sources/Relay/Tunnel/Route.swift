// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Curl

/// How one connection gets to its target.
struct Route: Sendable {
    let target: HostPort
    /// Nil for a direct connection.
    let proxy: ProxyURL?

    /// The way to a target as a configuration wants it.
    init(to target: HostPort, _ configuration: RelayConfiguration) {
        self.target = target
        let isExempt = configuration.exemptions.cover(host: target.host, port: Int(target.port))
        proxy = isExempt ? nil : configuration.proxy
    }

    /// The proxy as messages name it.
    var proxyName: String { "proxy \(proxy?.server.description ?? "")" }
}
