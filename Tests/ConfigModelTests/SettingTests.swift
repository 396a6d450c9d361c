// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Diagnostics
import Testing
import Values

@Suite struct `--set` {
    private func source(_ lines: String = "") throws -> PlanSource {
        try PlanSource(Array("name: a\nnamespace: b\nrole: server\n\(lines)".utf8), file: "plan.yaml")
    }

    static let good: [(path: String, value: String, at: [String], expected: Value?)] = [
        ("mysql.size", "5Gi", ["mysql", "size"], "5Gi"),
        ("persistence", "false", ["persistence"], false),
        ("modules", "[mysql, flow-server]", ["modules"], ["mysql", "flow-server"]),
        ("endpoint.extraPorts", "[443]", ["endpoint", "extraPorts"], [443]),
        ("endpoint.extraPorts[0]", "443", ["endpoint", "extraPorts"], [443]),
        ("commonLabels.example\\.com/team", "ml", ["commonLabels"], ["example.com/team": "ml"]),
        ("registry", "", ["registry"], ""),
        ("podSecurity", "null", ["podSecurity"], "baseline"),
        ("partyId", "9999", ["partyId"], "9999"),
        ("operator.tolerations[0].operator", "Exists", ["operator", "tolerations"], [["operator": "Exists"]]),
        (
            "mysql.values.config.innodb_buffer_pool_size", "1G", ["mysql", "values"],
            ["config": ["innodb_buffer_pool_size": "1G"]]
        ),
    ]

    @Test(arguments: good)
    func `sets a value`(_ path: String, _ value: String, _ at: [String], _ expected: Value?) throws {
        let plan = try source("podSecurity: restricted\nregistry: x.example\n").setting(path, to: value).plan()
        #expect(plan.value[path: at] == expected)
    }

    static let bad: [(path: String, value: String, problem: String)] = [
        ("mysql.size", "big", "--set mysql.size: error: mysql.size: 'big' is not a storage size such as 10Gi"),
        ("mysq.size", "1Gi", "--set mysq.size: error: unknown key 'mysq' (did you mean 'mysql'?)"),
        ("persistence", "yes", "--set persistence: error: persistence: 'yes' is not true or false | write true"),
        (
            "mysql.rootPassword", "hunter2",
            "--set mysql.rootPassword: error: a plan must not hold a password: 'rootPassword' in mysql | put it into a Secret, under the keys root-password and password, and name it in mysql.existingSecret; without one, passwords are generated"
        ),
        ("name.x", "1", "--set name.x: error: there is no key 'x' in a value"),
        ("modules[7]", "mysql", "--set modules[7]: error: the list has 0 items, so [0] is the next"),
        ("a..b", "1", "--set a..b: error: the path has an empty key | write a path such as mysql.size or modules[0]"),
        ("", "1", "--set : error: the path has an empty key | write a path such as mysql.size or modules[0]"),
        (
            "a[x]", "1",
            "--set a[x]: error: the path has a bad index '[x' | write a path such as mysql.size or modules[0]"
        ),
        (
            "a[99999999]", "1",
            "--set a[99999999]: error: the path has a bad index '[99999999' | write a path such as mysql.size or modules[0]"
        ),
        ("modules", "[a", "--set modules: error: expected ',' or ']' in a list"),
    ]

    @Test(arguments: bad) func `names the setting`(_ path: String, _ value: String, _ problem: String) throws {
        let source = try source()
        let error = #expect(throws: PlanError.self) { try source.setting(path, to: value).plan() }
        #expect(error?.diagnostics.map(line) == [problem])
        #expect(error?.diagnostics.first?.rendered().contains("hunter2") == false)
    }

    @Test func `later settings win, and the file keeps its own places`() throws {
        let source = try source("pullPolicy: Sometimes\n").setting("mysql.size", to: "1Gi").setting(
            "mysql.size", to: "2")
        let error = #expect(throws: PlanError.self) { try source.plan() }
        #expect(error?.diagnostics.first.map(line)?.hasPrefix("plan.yaml:4:13: error: pullPolicy") == true)
        #expect(try source.setting("pullPolicy", to: "Always").plan().value[path: "mysql", "size"] == "2")
    }
}
