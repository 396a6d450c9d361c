// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// How a federate reaches the server side.
extension PlanRules {
    mutating func checkEgress() {
        guard role == .federate else {
            guard role == .server else { return }
            for key in ["egress", "dns"] where isWritten(key) {
                refuse(
                    "\(key) is for a federate: a server side dials nobody, it is dialled", at: key,
                    hint: "remove it; what parties dial is said in endpoint")
            }
            return
        }
        if text("egress", "mode") == "relay" {
            checkRelay()
        } else {
            checkDirect()
        }
    }

    private mutating func checkRelay() {
        if isMissing("egress", "proxy") {
            refuse(
                "egress.mode: relay goes through a proxy, and egress.proxy names none", at: "egress.mode",
                hint: "add proxy: http://host:port; without a proxy, write mode: direct")
        }
        if !modules.contains(.flowFederate) {
            refuse(
                "egress.mode: relay is a part of flow-federate, which modules does not name", at: "egress.mode",
                hint: "add flow-federate to modules")
        }
        if isSet("egress", "proxyCA"), text("egress", "proxy")?.hasPrefix("http://") == true {
            warn(
                "egress.proxyCA has no effect: the proxy is spoken to without TLS", at: "egress.proxyCA",
                hint: "write proxy: https://host:port if it speaks TLS, or remove proxyCA")
        }
        checkTrainingAddress("egress.mode: relay", at: "egress.mode")
        if text("dns", "mode") == "external" {
            warn(
                "dns.mode: external: your own DNS must lead *.server.iflearner.com to Service iflearner-relay",
                at: "dns.mode", hint: "remove it: hostAliases is the default with egress.mode: relay")
        } else if value[path: "operator", "implementation"] == "upstream" {
            warnOfUpstream(at: "egress.mode")
        }
    }

    private mutating func checkDirect() {
        for key in ["proxy", "noProxy", "proxySecret", "proxyCA"] where isSet("egress", key) {
            warn(
                "egress.\(key) has no effect with mode: direct: training uses no proxy", at: "egress.\(key)",
                hint: "write mode: relay to go through a proxy")
        }
        guard text("dns", "mode") == "hostAliases" else { return }
        checkTrainingAddress("dns.mode: hostAliases", at: "dns.mode")
        if let address = text("flow-federate", "trainingAddress"), !address.isEmpty, !address.hasSuffix(":30031") {
            refuse(
                "dns.mode: hostAliases cannot change the port: training pods dial 30031, and flow-federate.trainingAddress has another",
                at: "flow-federate.trainingAddress",
                hint: "write egress.mode: relay, which can, or the address of a listener on 30031")
        }
        if value[path: "operator", "implementation"] == "upstream" { warnOfUpstream(at: "dns.mode") }
    }

    private mutating func checkTrainingAddress(_ what: String, at path: String) {
        guard isMissing("flow-federate", "trainingAddress") else { return }
        refuse(
            "\(what) needs flow-federate.trainingAddress", at: path,
            hint:
                "add trainingAddress to the block flow-federate: host:port that leads to the server side's training port"
        )
    }

    private mutating func warnOfUpstream(at path: String) {
        warn(
            "the upstream operator writes no hosts files: your own DNS must resolve *.server.iflearner.com", at: path,
            hint: "write operator.implementation: builtin")
    }
}
