// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

extension ObjectValidator {
    private static let dataLimit = 1024 * 1024

    mutating func checkConfigMap(_ object: Fields, old: Fields?) {
        var size = 0
        for (key, value) in object.data.entries.sortedByKey {
            check(NameRules.configKey(key), FieldPath("data").key(key), .string(key))
            if object.binaryData.entries.contains(key) {
                add(.invalid(FieldPath("data").key(key), .string(key), "duplicate of key present in binaryData"))
            }
            size += value.string?.utf8.count ?? 0
        }
        for (key, value) in object.binaryData.entries.sortedByKey {
            check(NameRules.configKey(key), FieldPath("binaryData").key(key), .string(key))
            size += value.string.map(Base64.decodedCount) ?? 0
        }
        if size > Self.dataLimit { add(.tooLong(FieldPath(), limit: Self.dataLimit)) }
        guard let old, old.immutable.isTrue else { return }
        if !object.immutable.isTrue { addFrozen("immutable") }
        for field in ["data", "binaryData"] where object[field].value != old[field].value { addFrozen(field) }
    }

    mutating func checkSecret(_ object: Fields, old: Fields?) {
        if let old {
            checkImmutable(object.type, old.type, FieldPath("type"))
            if old.immutable.isTrue {
                if !object.immutable.isTrue { addFrozen("immutable") }
                if object.data.value != old.data.value { addFrozen("data") }
            }
        }
        let data = object.data.entries
        var size = 0
        for (key, value) in data.sortedByKey {
            check(NameRules.configKey(key), FieldPath("data").key(key), .string(key))
            size += value.string.map(Base64.decodedCount) ?? 0
        }
        if size > Self.dataLimit { add(.tooLong(FieldPath("data"), limit: Self.dataLimit)) }
        for key in Self.requiredKeys(object) where !data.contains(key) { add(.required(FieldPath("data").key(key))) }
        if object.type.text == "kubernetes.io/service-account-token" {
            let name = "kubernetes.io/service-account.name"
            if object.metadata.annotations[name].text.isEmpty {
                add(.required(FieldPath("metadata.annotations").key(name)))
            }
        }
        if object.type.text == "kubernetes.io/basic-auth", !data.contains("username"), !data.contains("password") {
            add(.required(FieldPath("data").key("username")))
            add(.required(FieldPath("data").key("password")))
        }
    }

    private static func requiredKeys(_ secret: Fields) -> [String] {
        switch secret.type.text {
        case "kubernetes.io/dockercfg": [".dockercfg"]
        case "kubernetes.io/dockerconfigjson": [".dockerconfigjson"]
        case "kubernetes.io/ssh-auth": ["ssh-privatekey"]
        case "kubernetes.io/tls": ["tls.crt", "tls.key"]
        default: []
        }
    }

    private mutating func addFrozen(_ field: String) {
        add(.forbidden(FieldPath(field), "field is immutable when `immutable` is set"))
    }
}
