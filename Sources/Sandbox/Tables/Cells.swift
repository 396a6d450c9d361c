// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Texts that several tables share.
enum Cells {
    static let none: Value = "<none>"
    static let unset: Value = "<unset>"

    /// A text, or `<none>` where there is none.
    static func text(_ field: Fields) -> Value { .string(field.nonEmpty ?? "<none>") }
    /// A number, or 0.
    static func number(_ field: Fields) -> Value { .int(Int64(field.number ?? 0)) }
    /// A text that names the absence of a setting.
    static func setting(_ field: Fields) -> Value { field.exists ? .string(field.text) : unset }

    /// Texts joined by commas, or `<none>`.
    static func joined(_ texts: [String], by separator: String = ",") -> Value {
        .string(texts.isEmpty ? "<none>" : texts.joined(separator: separator))
    }

    /// A map of labels as `a=b,c=d`, by key.
    static func labels(_ field: Fields) -> Value {
        joined(field.entries.sortedByKey.map { "\($0.key)=\($0.value.string ?? "")" })
    }

    /// A `LabelSelector` as kubectl writes it on a command line.
    static func selector(_ field: Fields) -> Value {
        var terms = field.matchLabels.entries.sortedByKey.map { "\($0.key)=\($0.value.string ?? "")" }
        for expression in field.matchExpressions.list {
            let key = expression.key.text
            let values = expression["values"].list.map(\.text).sorted().joined(separator: ",")
            switch expression["operator"].text {
            case "In": terms.append("\(key) in (\(values))")
            case "NotIn": terms.append("\(key) notin (\(values))")
            case "Exists": terms.append(key)
            case "DoesNotExist": terms.append("!\(key)")
            default: break
            }
        }
        return joined(terms)
    }

    /// The names of a pod spec's containers and their images: two cells.
    static func containers(_ podSpec: Fields) -> [Value] {
        let containers = podSpec.containers.list
        return [
            .string(containers.map(\.name.text).joined(separator: ",")),
            .string(containers.map(\.image.text).joined(separator: ",")),
        ]
    }

    /// The addresses of a load balancer: IPs before host names.
    static func loadBalancer(_ status: Fields) -> [String] {
        status.ingress.list.compactMap { $0.ip.nonEmpty ?? $0.hostname.nonEmpty }
    }

    /// Access modes in kubectl's abbreviations.
    static func accessModes(_ field: Fields) -> String {
        let abbreviations = [
            ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP"),
        ]
        let modes = field.list.map(\.text)
        return abbreviations.filter { modes.contains($0.0) }.map(\.1).joined(separator: ",")
    }
}
