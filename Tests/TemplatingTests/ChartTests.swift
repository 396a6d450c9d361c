// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values
import YAMLText

@testable import Templating

/// Charts, dependencies and values (spec/templating.md C4).
struct ChartTests {
    /// A chart from a listing: paths and texts, with `Chart.yaml` lines where a path ends in a slash.
    private func chart(_ files: [String: String]) throws -> Chart {
        try Chart(files: files.sorted { $0.key < $1.key }.map { ChartFile(path: $0.key, text: $0.value) })
    }

    private func description(_ name: String, _ more: String = "") -> String {
        "apiVersion: v2\nname: \(name)\nversion: 1.0.0\n" + more
    }

    private func texts(_ files: [String: String], values: Value = [:], overrides: [ValueOverride] = []) throws
        -> [String: String]
    {
        try ReleaseRenderer().renderTemplates(
            try chart(files), values: values, overrides: overrides, release: Fixture.release)
    }

    private func message(_ files: [String: String], values: Value = [:]) throws -> String {
        do {
            _ = try texts(files, values: values)
            return "rendered"
        } catch let error as RenderError {
            return error.message
        } catch let error as ChartError {
            return error.message
        }
    }

    private var umbrella: [String: String] {
        [
            "Chart.yaml": description(
                "app",
                """
                dependencies:
                - {name: db, version: ">=1.0.0", condition: "db.enabled,extra.db", tags: [storage]}
                - {name: cache, version: 1.x, alias: fast}
                - {name: cache, version: 1.x, alias: slow, tags: [storage]}

                """),
            "values.yaml": "global: {tier: gold}\ndb: {user: root, keep: null}\nfast: {size: 9}\n",
            "templates/v.yaml": "{{ toJson .Values }}",
            "charts/db/Chart.yaml": description("db"),
            "charts/db/values.yaml": "user: nobody\nport: 3306\nkeep: kept\nglobal: {tier: tin, zone: a}\n",
            "charts/db/templates/v.yaml":
                "{{ toJson .Values }}{{ .Chart.Name }}{{ .Chart.IsRoot }}{{ .Template.BasePath }}",
            "charts/cache/Chart.yaml": description("cache"),
            "charts/cache/values.yaml": "size: 1\n",
            "charts/cache/templates/v.yaml": "{{ .Chart.Name }} {{ .Values.size }} {{ .Values.global.tier }}",
        ]
    }

    @Test func `parents' values win, globals reach everyone, aliases are charts of their own`() throws {
        let texts = try texts(umbrella)
        #expect(
            texts["app/charts/db/templates/v.yaml"]
                == #"{"global":{"tier":"gold","zone":"a"},"keep":"kept","port":3306,"user":"root"}dbfalseapp/charts/db/templates"#
        )
        #expect(texts["app/charts/fast/templates/v.yaml"] == "fast 9 gold")
        #expect(texts["app/charts/slow/templates/v.yaml"] == "slow 1 gold")
        #expect(texts["app/charts/cache/templates/v.yaml"] == nil)
    }

    @Test(
        arguments: [
            (["db": ["enabled": false]], false), (["extra": ["db": false]], false),
            (["tags": ["storage": false]], false), (["tags": ["storage": false], "db": ["enabled": true]], true),
            (["db": ["enabled": "no"]], true), ([:], true),
        ] as [(Value, Bool)])
    func `conditions beat tags, and the first that is a bool decides`(_ values: Value, _ isRendered: Bool) throws {
        let found = try texts(umbrella, values: values)["app/charts/db/templates/v.yaml"]
        #expect((found != nil) == isRendered)
    }

    @Test func `a null of the user removes a default`() throws {
        let texts = try texts(umbrella, values: ["db": ["port": .null], "fast": .mapping(["size": .null])])
        #expect(texts["app/charts/db/templates/v.yaml"]?.contains("port") == false)
        #expect(texts["app/charts/fast/templates/v.yaml"] == "fast  gold")
    }

    @Test func `import-values adds to the parent's defaults and never over them`() throws {
        var files = umbrella
        files["Chart.yaml"] = description(
            "app",
            "dependencies:\n- name: db\n  version: '*'\n  import-values: [data, {child: net, parent: server}]\n")
        files["values.yaml"] = "host: mine\n"
        files["charts/db/values.yaml"] = "exports: {data: {host: theirs, extra: 1}}\nnet: {port: 5}\n"
        files["templates/v.yaml"] = "{{ .Values.host }} {{ .Values.extra }} {{ .Values.server.port }}"
        #expect(try texts(files)["app/templates/v.yaml"] == "mine 1 5")
    }

    @Test func `a declared dependency that is absent is an error`() throws {
        let files = [
            "Chart.yaml": description("a", "dependencies: [{name: x, version: 1.0.0}, {name: z, version: 1.0.0}]")
        ]
        #expect(try message(files) == "found in Chart.yaml, but missing in charts/ directory: x, z")
    }

    @Test func `library charts lend their partials and render nothing`() throws {
        let library = [
            "Chart.yaml": description("app"), "templates/a.yaml": "{{ include \"lib.x\" . }}",
            "charts/lib/Chart.yaml": description("lib", "type: library\n"),
            "charts/lib/templates/_x.tpl": "{{ define \"lib.x\" }}from lib{{ end }}",
            "charts/lib/templates/y.yaml": "never: {{ .Nope.x }}",
        ]
        #expect(try texts(library) == ["app/templates/a.yaml": "from lib"])
        #expect(
            try message(["Chart.yaml": description("l", "type: library\n")]) == "library charts are not installable")
    }

    @Test func `a parent's definition wins over its dependency's`() throws {
        let texts = try texts([
            "Chart.yaml": description("app"), "templates/_h.tpl": "{{ define \"n\" }}parent{{ end }}",
            "charts/sub/Chart.yaml": description("sub"),
            "charts/sub/templates/_h.tpl": "{{ define \"n\" }}child{{ end }}",
            "charts/sub/templates/a.yaml": "{{ include \"n\" . }}",
        ])
        #expect(texts["app/charts/sub/templates/a.yaml"] == "parent")
    }

    @Test func `what a template sets in the values is seen by those that run later`() throws {
        let texts = try texts([
            "Chart.yaml": description("app"), "values.yaml": "sub: {x: 1}",
            "templates/z.yaml": "{{ $_ := set .Values \"seen\" 1 }}",
            "templates/a.yaml": "{{ .Values.seen }}{{ .Values.sub.y }}",
            "charts/sub/Chart.yaml": description("sub"),
            "charts/sub/templates/s.yaml": "{{ $_ := set .Values \"y\" 2 }}",
        ])
        #expect(texts["app/templates/a.yaml"] == "12")
    }

    @Test(arguments: [
        (
            "kubeVersion: '>=1.40.0'",
            "chart requires kubeVersion: >=1.40.0 which is incompatible with Kubernetes v1.33.0"
        ),
        ("kubeVersion: '>=1.20.0-0'", "rendered"),
    ])
    func `kubeVersion is checked`(_ line: String, _ expected: String) throws {
        #expect(try message(["Chart.yaml": description("a", line)]) == expected)
    }

    @Test(arguments: [
        ("", "Chart.yaml file is missing"),
        ("name: x\nversion: 1.0.0", "validation: chart.metadata.apiVersion is required"),
        ("apiVersion: v2\nversion: 1.0.0", "validation: chart.metadata.name is required"),
        ("apiVersion: v2\nname: x", "validation: chart.metadata.version is required"),
        ("apiVersion: v2\nname: ../x\nversion: 1.0.0", "validation: chart.metadata.name \"../x\" is invalid"),
        (
            "apiVersion: v2\nname: x\nversion: 1.0.0\ntype: odd",
            "validation: chart.metadata.type must be application or library"
        ),
        ("- a", "cannot load Chart.yaml"), ("a: [", "cannot load Chart.yaml: error converting YAML to JSON"),
    ])
    func `a chart that is none says why`(_ text: String, _ expected: String) throws {
        let files = text.isEmpty ? ["values.yaml": ""] : ["Chart.yaml": text]
        #expect(try message(files).contains(expected))
    }

    @Test func `files are there for templates, by path and by pattern`() throws {
        let files = ["conf/a.txt": "A", "conf/sub/b.txt": "B\nC\n", "top.bin": "x", "crds/c.yaml": "kind: C"]
        func render(_ template: String) throws -> Fixture.Outcome { try Fixture.render(template, files: files) }
        #expect(try render("{{ .Files.Get \"conf/a.txt\" }}{{ .Files.Get \"none\" }}") == .text("A"))
        #expect(try render("{{ range $p, $b := .Files.Glob \"conf/*\" }}{{ $p }};{{ end }}") == .text("conf/a.txt;"))
        #expect(
            try render("{{ range $p, $b := .Files.Glob \"conf/**.txt\" }}{{ $p }};{{ end }}")
                == .text("conf/a.txt;conf/sub/b.txt;"))
        #expect(try render("{{ (.Files.Glob \"{top,conf/a}.*\").AsConfig }}") == .text("a.txt: A\ntop.bin: x"))
        #expect(try render("{{ (.Files.Glob \"conf/[!b].txt\").AsSecrets }}") == .text("a.txt: QQ=="))
        #expect(try render("{{ range .Files.Lines \"conf/sub/b.txt\" }}<{{ . }}>{{ end }}") == .text("<B><C>"))
        #expect(try render("{{ len (.Files.Glob \"[\") }}") == .text("4"))
    }

    @Test func `a packed chart is a chart; one that reaches out is refused`() throws {
        let good = TarArchive.pack([
            ("demo/Chart.yaml", description("demo"), "0"), ("demo/templates/a.yaml", "a: 1", "0"),
        ])
        let chart = try Chart(archive: good)
        #expect(chart.name == "demo")
        #expect(chart.templates.map(\.path) == ["templates/a.yaml"])
        let nested = try Chart(files: [
            ChartFile(path: "Chart.yaml", text: description("outer")),
            ChartFile(path: "charts/demo-1.0.0.tgz", bytes: good),
        ])
        #expect(nested.dependencies.map(\.name) == ["demo"])
        for (path, kind, expected) in [
            ("demo/../../etc/passwd", "0", "parent directory"), ("/etc/passwd", "0", "absolute paths"),
            ("demo/link", "2", "no regular file"), ("demo/hard", "1", "illegally contains"),
            ("Chart.yaml", "0", "outside the base directory"),
        ] {
            do {
                _ = try Chart(archive: TarArchive.pack([(path, "x", kind)]))
                Issue.record("\(path) was accepted")
            } catch {
                #expect(error.message.contains(expected), "\(path): \(error.message)")
            }
        }
        #expect(throws: ChartError.self) { try Chart(archive: Array("no archive".utf8)) }
    }

    @Test func `ignore rules follow Helm's`() throws {
        let rules = try IgnoreRules(Array("# c\n*.txt\n/top.md\ndir/\na/b*\n".utf8))
        for (path, isFolder, expected) in [
            ("x.txt", false, true), ("d/x.txt", false, true), ("top.md", false, true), ("d/top.md", false, false),
            ("dir", true, true), ("dir", false, false), ("a/bc", false, true), ("templates/.x", false, true),
            ("templates/x", false, false),
        ] {
            #expect(rules.ignores(path, isFolder: isFolder) == expected, "\(path)")
        }
        #expect(try IgnoreRules(Array("!keep.txt".utf8)).ignores("other", isFolder: false))
        #expect(throws: ChartError.self) { try IgnoreRules(Array("a/**/b".utf8)) }
    }
}

/// Tar files for tests, as plain as can be.
enum TarArchive {
    static func pack(_ members: [(path: String, text: String, kind: String)]) -> [UInt8] {
        var result: [UInt8] = []
        for (path, text, kind) in members {
            let isLink = kind != "0"
            let body = isLink ? [] : Array(text.utf8)
            var header = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, at place: Int) {
                for (index, byte) in text.utf8.enumerated() { header[place + index] = byte }
            }
            func octal(_ number: Int, _ width: Int) -> String {
                let digits = String(number, radix: 8)
                return String(repeating: "0", count: width - digits.count) + digits
            }
            put(path, at: 0)
            put("0000644", at: 100)
            put("0000000", at: 108)
            put("0000000", at: 116)
            put(octal(body.count, 11), at: 124)
            put("00000000000", at: 136)
            put("        ", at: 148)
            put(kind, at: 156)
            if isLink { put("target", at: 157) }
            put("ustar", at: 257)
            put("00", at: 263)
            put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
            header[154] = 0
            result += header + body + [UInt8](repeating: 0, count: (512 - body.count % 512) % 512)
        }
        return result + [UInt8](repeating: 0, count: 1024)
    }
}
