// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Templating

/// Documents, hooks, order, schemas and overrides.
struct ReleaseTests {
    private func release(_ templates: [String: String], files: [String: String] = [:]) throws -> RenderedRelease {
        try ReleaseRenderer().render(try Fixture.chart(templates, files: files), release: Fixture.release)
    }

    @Test func `documents come out in the order in which Helm installs them`() throws {
        let release = try release([
            "a.yaml": "kind: Zebra\n---\nkind: Service\nplace: 1\n---\n# only a comment\n---\nkind: ConfigMap",
            "b.yaml":
                "kind: Service\nplace: 2\n---\n\nkind: ValidatingWebhookConfiguration\n---\nkind: Namespace\n---\nkind: Apple",
            "NOTES.txt": "Hello {{ .Release.Name }}", "sub/NOTES.txt": "not this",
        ])
        #expect(
            release.manifests.map(\.kind)
                == [
                    "Namespace", "ConfigMap", "Service", "Service", "ValidatingWebhookConfiguration", "", "Apple",
                    "Zebra",
                ])
        #expect(release.manifests.filter { $0.kind == "Service" }.map { $0.value["place"] } == [1, 2])
        #expect(release.notes == "Hello rel")
        #expect(release.manifests[0].source == "t/templates/b.yaml")
    }

    @Test func `hooks are kept apart, unknown ones are dropped with a word`() throws {
        func hook(_ event: String) -> String {
            "kind: Job\nmetadata: {name: j, annotations: {helm.sh/hook: \"\(event)\"}}"
        }
        let release = try release([
            "a.yaml": hook("pre-install, post-upgrade"), "b.yaml": hook("sometimes"), "c.yaml": "kind: Pod",
        ])
        #expect(release.hooks.map(\.hookEvents) == [["pre-install", "post-upgrade"]])
        #expect(release.hooks.map(\.name) == ["j"])
        #expect(release.manifests.map(\.kind) == ["Pod"])
        #expect(release.warnings.contains { $0.contains("unknown hook") })
        let text = String(decoding: release.text(), as: UTF8.self)
        #expect(text.hasPrefix("---\n# Source: t/templates/c.yaml\nkind: Pod\n---\n# Source: t/templates/a.yaml\n"))
        #expect(!String(decoding: release.text(includesHooks: false), as: UTF8.self).contains("Job"))
    }

    @Test func `crds are handed over as they are`() throws {
        let release = try release(["a.yaml": ""], files: ["crds/x.yaml": "kind: {{ raw }}"])
        #expect(release.crds == [ChartFile(path: "t/crds/x.yaml", text: "kind: {{ raw }}")])
        #expect(release.text() == Array("\n".utf8))
        #expect(
            String(decoding: release.text(includesCRDs: true), as: UTF8.self)
                == "---\n# Source: t/crds/x.yaml\nkind: {{ raw }}\n")
    }

    @Test func `templates know the release and the cluster, and may look things up`() throws {
        let chart = try Fixture.chart([
            "x.yaml": """
            {{ .Release.Name }} {{ .Release.Namespace }} {{ .Release.Revision }} {{ .Release.IsUpgrade }}
            {{ .Release.Service }} {{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Minor }}
            {{ .Capabilities.APIVersions.Has "x/v1" }} {{ .Chart.AppVersion }}
            {{ (lookup "v1" "Secret" "ns" "s").data.k }} {{ len (lookup "v1" "Secret" "ns" "") }}
            """
        ])
        let capabilities = Capabilities(kubeVersion: "1.29.3", apiVersions: ["x/v1"])
        let renderer = ReleaseRenderer(
            capabilities: capabilities,
            lookup: { version, kind, namespace, name in
                name.isEmpty ? [:] : ["data": ["k": "\(version)/\(kind)/\(namespace)/\(name)"]]
            })
        let options = ReleaseOptions(name: "r", namespace: "n", isUpgrade: true, revision: 3)
        let text = try renderer.renderTemplates(chart, release: options)["t/templates/x.yaml"]
        #expect(text == "r n 3 true\nHelm v1.29.3 29\ntrue 2.0\nv1/Secret/ns/s 0")
    }

    @Test(arguments: [
        ("a.b=1,c={x,y},d[1].e=v,f\\.g=h\\,i", #"{"a":{"b":1},"c":["x","y"],"d":[null,{"e":"v"}],"f.g":"h,i"}"#),
        ("a=TRUE,b=null,c=012,d=1.5,e=0,f=-3,g=", #"{"a":true,"b":null,"c":"012","d":"1.5","e":0,"f":-3,"g":""}"#),
        ("a={},b={1,two},c[0][1]=z", #"{"a":[],"b":[1,"two"],"c":[[null,"z"]]}"#), ("", "{}"),
    ])
    func `--set follows Helm's grammar (C4)`(_ text: String, _ expected: String) throws {
        let map = GoMap()
        try ValueOverride(.set, text).apply(to: map)
        #expect(GoJSON.encode(.map(map)).map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test func `the other kinds of overrides`() throws {
        let map = GoMap()
        try ValueOverride(.string, "a=1,b=true").apply(to: map)
        try ValueOverride(.json, "c={\"x\":[1,2]},d=\"s\"").apply(to: map)
        try ValueOverride(.json, "{\"e\":{\"f\":null}}").apply(to: map)
        try ValueOverride(.literal, "g.h=1,2={x}").apply(to: map)
        #expect(
            GoJSON.encode(.map(map)).map { String(decoding: $0, as: UTF8.self) }
                == #"{"a":"1","b":"true","c":{"x":[1,2]},"d":"s","e":{"f":null},"g":{"h":"1,2={x}"}}"#)
    }

    @Test(arguments: [
        ("a", "key \"a\" has no value"), ("a[99999999]=1", "greater than maximum supported index"),
        ("a[-1]=1", "negative -1 index not allowed"), ("a[x]=1", "error parsing index"),
        ("a={b", "list must terminate with '}'"),
        (String(repeating: "a.", count: 40) + "b=1", "greater than maximum supported nested level"),
    ])
    func `a bad override says why`(_ text: String, _ expected: String) throws {
        do {
            try ValueOverride(.set, text).apply(to: GoMap())
            Issue.record("\(text) was accepted")
        } catch {
            #expect(error.message.hasPrefix("failed parsing --set data: "))
            #expect(error.message.contains(expected), "\(error.message)")
        }
    }

    @Test(arguments: [
        (#"{"properties":{"age":{"minimum":0}}}"#, "age: -5", "- at '/age': minimum: got -5, want 0"),
        (#"{"properties":{"age":{"type":"integer"}}}"#, "age: x", "- at '/age': got string, want integer"),
        (
            #"{"properties":{"age":{"type":["integer","null"]}}}"#, "age: 1.5",
            "- at '/age': got number, want integer or null"
        ),
        (#"{"required":["a","b"]}"#, "c: 1", "- at '': missing properties 'a', 'b'"),
        (
            #"{"additionalProperties":false,"properties":{"a":{}}}"#, "b: 1",
            "- at '': additional properties 'b' not allowed"
        ),
        (#"{"properties":{"a":{"enum":["x","y"]}}}"#, "a: z", "- at '/a': value must be one of 'x', 'y'"),
        (#"{"properties":{"a":{"pattern":"^x"}}}"#, "a: z", "- at '/a': 'z' does not match pattern '^x'"),
        (
            ##"{"properties":{"a":{"$ref":"#/$defs/p"}},"$defs":{"p":{"type":"string"}}}"##, "a: 1",
            "- at '/a': got number, want string"
        ),
        (
            #"{"properties":{"a":{"anyOf":[{"type":"string"},{"maximum":1}]}}}"#, "a: 2",
            "- at '/a': anyOf failed\n  - at '/a': got number, want string"
        ),
        (
            #"{"properties":{"a":{"items":{"type":"string"},"maxItems":1}}}"#, "a: [x, 1]",
            "- at '/a': maxItems: got 2, want 1\n- at '/a/1': got number, want string"
        ),
        (#"{"if":{"required":["a"]},"then":{"required":["b"]}}"#, "a: 1", "- at '': missing property 'b'"),
        (
            #"{"properties":{"a":{"oneOf":[{"minimum":0},{"minimum":1}]}}}"#, "a: 5",
            "- at '/a': oneOf failed, subschemas 0, 1 matched"
        ),
        (#"{"properties":{"a":{"not":{"type":"string"}}}}"#, "a: x", "- at '/a': not failed"),
        (##"{"$ref":"#"}"##, "a: 1", "nested too deeply"),
        (#"{"$ref":"http://x"}"#, "a: 1", "only references within the schema"),
    ])
    func `values are checked against the chart's schema (C4)`(_ schema: String, _ values: String, _ expected: String)
        throws
    {
        let chart = try Fixture.chart(["x.yaml": ""], values: values, files: ["values.schema.json": schema])
        do throws(RenderError) {
            _ = try ReleaseRenderer().render(chart, release: Fixture.release)
            Issue.record("the values were accepted")
        } catch {
            #expect(error.message.contains(expected), "\(error.message)")
        }
    }

    @Test func `values that fit a schema pass`() throws {
        let schema =
            #"{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"array","uniqueItems":true}},"required":["a"]}"#
        let chart = try Fixture.chart(
            ["x.yaml": "ok: 1"], values: "a: 5\nb: [1, 2]", files: ["values.schema.json": schema])
        #expect(try ReleaseRenderer().render(chart, release: Fixture.release).manifests.count == 1)
    }
}
