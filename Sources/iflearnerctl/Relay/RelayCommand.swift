// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Curl
import Deployment
import HTTPServer
import Processes
import Relay
import Rollout
import Sockets
import Telemetry
import Values

/// `relay`: tunnels TCP connections through an HTTP proxy, for `egress.mode: relay`.
struct RelayCommand: ProgramCommand {
    static let manual = Manual(
        "relay", summary: "Tunnel TCP connections through an HTTP proxy",
        discussion: """
            It listens on one or more ports and tunnels each connection to its target with the CONNECT of an HTTP proxy, or \
            directly. Bytes pass untouched: TLS stays end to end. The login for the proxy comes from the files \
            'username' and 'password' of a folder, which are read for each connection. The proxies of the environment do \
            not count; an https proxy's certificate is judged by the authorities of the machine, or those of --proxy-ca-file \
            or $SSL_CERT_FILE.

            SIGTERM stops the accepting and leaves open connections the grace period to end; a second one ends them at \
            once. The log on standard error is one line of JSON for each event. It runs in the cluster: see \
            'egress' of the plan.
            """,
        examples: [
            .init(
                "iflearnerctl relay --listen 30031=fl.coord.example:443 --proxy http://proxy:3128",
                "Trainers dial port 30031."),
            .init(
                "iflearnerctl relay --listen 1235=10.1.2.3:32235 --no-proxy 10.0.0.0/8 --proxy http://proxy:3128",
                "A target that needs no proxy."),
        ])
    static let parameters: [Parameter<RelayCommand>] = [
        .options("listen", nil, \.rules, "PORT=HOST:PORT", "A port, or ADDRESS:PORT, and where it leads; repeatable."),
        .option("proxy", nil, \.proxy, "URL", "The proxy: http://HOST:PORT or https://HOST:PORT."),
        .options(
            "no-proxy", nil, \.exemptions, "LIST", "Targets without it: hosts, .suffixes and networks, with commas."),
        .option(
            "proxy-credentials-dir", nil, \.credentials, "DIR",
            "A folder with the files username and password for the proxy.", completion: .folders),
        .option(
            "proxy-ca-file", nil, \.authorities, "FILE",
            "Authorities (PEM) of an https:// proxy, instead of those of the machine; read for each connection.",
            completion: .files),
        .option(
            "health-probe-bind-address", nil, \.healthAddress, "ADDRESS",
            "Where /healthz, /readyz and /metrics are (default :8081); 0 for nowhere."),
        .option(
            "grace-period", nil, \.gracePeriod, "DURATION",
            "How long open connections go on after SIGTERM (default 6h)."),
        .option(
            "connect-timeout", nil, \.connectTimeout, "DURATION", "The time limit of a tunnel's making (default 30s)."),
        .option("max-connections", nil, \.limit, "N", "Connections at once; further ones are reset (default 512)."),
    ]

    var rules: [ListenRule] = []
    var proxy: String?
    var exemptions: [String] = []
    var credentials: String?
    var authorities: String?
    var healthAddress = HealthAddress(address: ListenAddress(port: 8081))
    var gracePeriod = Duration.seconds(6 * 3600)
    var connectTimeout = Duration.seconds(30)
    var limit = 512

    func validate() throws(UsageError) {
        if rules.isEmpty {
            throw UsageError("nothing to listen on", hint: "say where a port leads: --listen 30031=HOST:PORT")
        }
        let addresses = rules.map(\.address) + [healthAddress.address].compactMap(\.self)
        for (position, address) in addresses.enumerated()
        where addresses[..<position].contains(where: { $0.port == address.port && $0.host == address.host })
            && address.port != 0
        {
            throw UsageError("port \(address.port) is asked for twice")
        }
        if let proxy {
            let proxy = try ProxyURL(option: proxy)
            if authorities != nil, !proxy.isSecure {
                throw UsageError("--proxy-ca-file is for a proxy that is spoken to over TLS: https://HOST:PORT")
            }
        } else if credentials != nil {
            throw UsageError("--proxy-credentials-dir needs --proxy")
        } else if authorities != nil {
            throw UsageError("--proxy-ca-file needs --proxy")
        }
        if limit < 1 { throw UsageError("--max-connections must be 1 or more") }
        if connectTimeout < .milliseconds(1) { throw UsageError("--connect-timeout must be longer than that") }
    }

    func run(in context: AppContext) async throws -> CommandStatus {
        let signals = SignalStream.signals([.interrupt, .terminate])
        let log = Log(time: context.time) { [output = context.output] in output.message($0) }
        let relay = try Relay(try configuration(context.environment), log: log, time: context.time)
        var server: HTTPServer?
        if let address = healthAddress.address {
            var settings = HTTPServer.Configuration()
            (settings.host, settings.port) = (address.host, address.port)
            let started = try HTTPServer(settings) { relay.answer($0) }
            let actual = ListenAddress(host: address.host, port: started.port)
            log.info("serving probes and metrics", ["address": .string(actual.description)])
            server = started
        }
        let ending = await relay.run(endingOn: signals, gracePeriod: gracePeriod)
        await server?.stop()
        switch ending {
        case .drained, .cut(_, by: nil): return .success
        case .cut(_, by: .interrupt): return CommandStatus(rawValue: Int32(ExitCode.interrupted.rawValue))
        case .cut: return CommandStatus(rawValue: Int32(ExitCode.terminated.rawValue))
        }
    }

    private func configuration(_ environment: [String: String]) throws(UsageError) -> RelayConfiguration {
        var configuration = RelayConfiguration(rules)
        if let proxy { configuration.proxy = try ProxyURL(option: proxy) }
        for list in exemptions { configuration.exemptions.add(list) }
        configuration.loginFolder = credentials
        configuration.authoritiesFile = authorities ?? environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        configuration.connectTimeout = connectTimeout
        configuration.connectionLimit = limit
        configuration.userAgent = "iflearnerctl/\(ToolVersion.current)"
        return configuration
    }
}
