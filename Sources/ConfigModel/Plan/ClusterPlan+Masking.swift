// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

extension ClusterPlan {
    /// The plan as it was written, for people to see: what may be a secret is masked.
    ///
    /// Plans hold no passwords, but the `values` of a module go to its chart unchecked.
    public var maskedValue: Value {
        guard var result = written.mapping else { return written }
        for module in Module.allCases {
            guard var block = result[module.name]?.mapping, let values = block["values"] else { continue }
            block["values"] = Self.masked(values)
            result[module.name] = .mapping(block)
        }
        return .mapping(result)
    }

    private static func masked(_ value: Value) -> Value {
        switch value {
        case .mapping(let mapping):
            .mapping(
                Mapping(
                    mapping.map { key, value in
                        switch value {
                        case .mapping, .array: (key, masked(value))
                        default: (key, isSuspicious(key) && value != "" ? "***" : value)
                        }
                    }))
        case .array(let items):
            // An environment variable is a name and a value.
            .array(
                items.map { item in
                    guard let name = item["name"]?.string, item["value"]?.string != nil, isSuspicious(name) else {
                        return masked(item)
                    }
                    var item = item
                    item["value"] = "***"
                    return item
                })
        default: value
        }
    }

    private static func isSuspicious(_ key: String) -> Bool {
        let name = key.lowercased()
        return ["password", "passwd", "secret", "token", "credential", "apikey", "api_key", "privatekey"].contains {
            name.contains($0)
        } && !["secretname", "existingsecret", "secretkey", "secretref", "passwordsecret"].contains(name)
    }
}
