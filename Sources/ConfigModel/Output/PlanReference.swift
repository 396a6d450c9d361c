// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The reference page of plans, `docs/plan.md`.
public enum PlanReference {
    /// The page in Markdown, with a final newline.
    public static var text: String {
        var page = introduction
        page += section("The plan", fields: PlanSchema.root.filter { !$0.isBlock }, below: "")
        for field in PlanSchema.root where field.isBlock && Module(rawValue: field.key) == nil {
            page += section(
                "`\(field.key)`", note: sentence(field.summary) + (field.details.map { " " + $0 } ?? ""),
                fields: field.type.fields ?? [], below: field.key)
        }
        page += section(
            "Every module", note: "These keys stand in the block of each module: `mysql:`, `flow-server:` and so on.",
            fields: (PlanSchema.block(.operator).type.fields ?? []).filter(isShared), below: "<module>")
        for module in Module.allCases {
            let block = PlanSchema.block(module)
            page += section(
                "`\(module.name)`", note: sentence(block.summary) + " " + defaults(of: block),
                fields: (block.type.fields ?? []).filter { !isShared($0) }, below: module.name)
        }
        return page + closing
    }

    private static let shared: Set<String> = [
        "image", "imageTag", "resources", "nodeSelector", "tolerations", "affinity", "values",
    ]

    private static func isShared(_ field: Field) -> Bool { shared.contains(field.key) }

    /// The tag and the resources that a module has by default; the table of shared keys cannot tell them.
    private static func defaults(of block: Field) -> String {
        let fields = block.type.fields ?? []
        let resources = fields.first { $0.key == "resources" }?.defaultValue?.jsonString() ?? ""
        return (fields.first { $0.key == "imageTag" }?.details ?? "") + " Its `resources` by default: `\(resources)`."
    }

    private static let introduction = """
        # The plan: cluster.yaml

        <!-- Generated from the tables in Sources/ConfigModel/Schema; the test `the reference page is up to date` says how. -->

        One file describes one side of a federation. `iflearnerctl init` writes one to start from, and `cluster.schema.json` beside
        this page lets editors complete and check it. Everything is checked before a cluster is touched, and all problems are
        reported in one run with their places: a key that is not in these tables is an error, never ignored.

        """

    private static let closing = """

        ## Images

        The source of an image is written out in full, such as `docker.io/library/mysql:8.0.46`. What pods name is, in this order:
        the module's own `image` as it stands; the mirror of the source's host in `registryMirrors`, and the path; `registry` and the
        path; the source. Exactly one slash is put between them. `images list` prints source and target of every image of a plan.

        ## Setting single values

        `--set path=value` sets one value over the file: `--set mysql.size=20Gi`, `--set modules=[mysql,flow-server]`,
        `--set 'commonLabels.example\\.com/team=ml'`, `--set operator.tolerations[0].operator=Exists`. The value is read as YAML, `null`
        removes a key, and the result is checked like the file.

        """

    private static func section(_ title: String, note: String = "", fields: [Field], below path: String) -> String {
        var text = "\n## \(title)\n\n"
        if !note.isEmpty { text += note + "\n\n" }
        text += "| key | type | default | meaning |\n|---|---|---|---|\n"
        text += rows(fields, below: "")
        return text
    }

    private static func rows(_ fields: [Field], below path: String) -> String {
        fields.map { field in
            let key = path.isEmpty ? field.key : path + "." + field.key
            var meaning = sentence(field.summary)
            if let details = field.details, field.key != "imageTag" { meaning += " " + details }
            if let example = field.example, field.requirement == .never { meaning += " Example: `\(example)`." }
            if field.since != PlanSchema.firstVersion { meaning += " Since \(field.since)." }
            let row = "| `\(key)` | \(cell(field.type.name)) | \(defaultText(field)) | \(cell(meaning)) |\n"
            return row + rows(field.type.fields ?? [], below: key) + itemRows(field.type, below: key)
        }.joined()
    }

    private static func itemRows(_ type: FieldType, below path: String) -> String {
        guard case .list(let item) = type else { return "" }
        return rows(item.fields ?? [], below: path + "[]")
    }

    private static func defaultText(_ field: Field) -> String {
        switch field.requirement {
        case .always: return "*required*"
        case .role(let role): return "*required* of a \(role.rawValue)"
        case .never: break
        }
        guard let value = field.defaultValue, field.key != "resources" else { return "" }
        return "`\(value == "" ? "\"\"" : value.string ?? value.jsonString())`"
    }

    private static func sentence(_ text: String) -> String {
        text.isEmpty ? "" : text.prefix(1).uppercased() + text.dropFirst() + "."
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
