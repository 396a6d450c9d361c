// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Curl

/// What a relay does.
public struct RelayConfiguration: Sendable {
    /// Where it listens, and where that leads.
    public var rules: [ListenRule]
    /// The proxy that connections go through; nil for direct connections, whatever the environment says.
    public var proxy: ProxyURL?
    /// Targets that are reached without the proxy.
    public var exemptions = ProxyExemptions("")
    /// The folder with the files `username` and `password` for the proxy, read for each connection; nil for none.
    public var loginFolder: String?
    /// A file of authorities that may vouch for an https proxy, as PEM, read for each connection; nil for those of the machine.
    public var authoritiesFile: String?
    /// How long it may take until a tunnel is there: names, connections, handshakes and the proxy's answer together.
    public var connectTimeout = Duration.seconds(30)
    /// How many connections there may be at once; further ones are reset.
    public var connectionLimit = 512
    /// What the proxy is told about who asks.
    public var userAgent = "iflearnerctl"
    /// How long, after a client has ended its side, a tunnel through an https proxy may be silent before it is closed.
    ///
    /// libcurl cannot end one direction of TLS alone, so the target does not hear of it (over http and direct it does).
    public var silenceAfterHalfClose = Duration.seconds(10)

    /// A relay with these rules.
    public init(_ rules: [ListenRule]) { self.rules = rules }
}
