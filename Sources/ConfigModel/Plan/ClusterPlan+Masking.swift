// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

extension ClusterPlan {
    /// The plan as it was written, for people to see: what may be a secret is masked.
    ///
    /// Plans hold no passwords, but the `values` of a module go to its chart unchecked.
    public var maskedValue: Value { Self.masked(written, PlanSchema.root) }

    private static func masked(_ value: Value, _ fields: [Field]) -> Value {
        guard let mapping = value.mapping else { return value }
        return .mapping(
            Mapping(
                mapping.map { key, value in
                    guard let field = fields.first(where: { $0.key == key }) else { return (key, value) }
                    return (key, field.isSecret ? masked(value) : masked(value, field.type.fields ?? []))
                }))
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
