// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Keys that are no keys of this version, but that people write: of later versions, of KubeFATE, of habit.
enum OtherKeys {
    /// Keys of later versions, by their path.
    static let later: Set<String> = [
        "trust", "certificates", "upgrade", "partyList", "gateway", "ingress.gateway", "flow-federate.federateHost",
    ]

    /// Words of later versions, by the path of their key.
    static let laterWords: [String: Set<String>] = ["dns.mode": ["coredns"]]

    /// What to write instead of a key that KubeFATE knows, or that people look for; by the last part of the path.
    static let instead: [String: String] = [
        "externalMysqlIp": "write mysql.external.ip", "externalMysqlPort": "write mysql.external.port",
        "externalMysqlDatabase": "write mysql.external.database", "externalMysqlUser": "write mysql.external.user",
        "externalMysqlPassword":
            "put the password into a Secret, under the key password, and name it in mysql.external.passwordSecret",
        "ingressClassName": "write ingress.className", "chart_name": "write chartName",
        "chart_version": "write chartVersion", "nodePorts": "write nodePort: each Service has one port",
        "httpNodePort": "write nodePort", "grpcNodePort": "write nodePort",
        "podSecurityPolicy": "Kubernetes 1.25 removed pod security policies: write podSecurity",
        "istio": "training traffic enters through ingress: remove istio",
        "subPath": "remove it: the chart decides the folder", "exchange": "iflearner has no exchange: remove it",
    ]

    /// Keys of FATE, which mean nothing here.
    static let ofFATE: Set<String> = [
        "computing", "federation", "storage", "algorithm", "device", "osx", "rollsite", "lbrollsite", "clustermanager",
        "nodemanager", "python", "fateboard", "client", "spark", "hdfs", "nginx", "rabbitmq", "pulsar", "servingIp",
        "servingPort", "serving", "trafficServer",
    ]

    /// Whether a key of this name, in lowercase, holds a password or the like.
    static func isPassword(_ name: some StringProtocol) -> Bool {
        ["password", "passwd"].contains { name.hasSuffix($0) }
            || ["token", "accesstoken", "apitoken"].contains { $0 == name }
    }

    /// Whether an environment variable of this name holds something that a plan must not.
    static func isSecretVariable(_ name: String) -> Bool {
        let name = name.lowercased()
        return isPassword(name)
            || ["token", "secret", "secret_key", "access_key", "api_key", "apikey", "private_key", "credentials"]
                .contains { name == $0 || name.hasSuffix("_" + $0) }
    }

    /// What to do instead of writing a password, or nil when the key is not one; by the block it stands in.
    static func passwordHint(_ key: String, in block: String) -> String? {
        let name = key.lowercased()
        guard isPassword(name) else { return nil }
        if block == "mysql.external" || name.hasPrefix("externalmysql") {
            return "put it into a Secret, under the key password, and name it in mysql.external.passwordSecret"
        }
        if block == "mysql" || block.hasPrefix("mysql.") || name.contains("mysql") {
            return
                "put it into a Secret, under the keys root-password and password, and name it in mysql.existingSecret; without one, passwords are generated"
        }
        return "put it into a Secret; a plan may name Secrets, but hold none"
    }
}
