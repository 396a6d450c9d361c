// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing
import Values
import YAMLText

/// `spec/templating.md` C6: what Helm and kubectl make of a scalar.
@Suite struct `Scalars resolve as in Go's yaml` {
    static let cases: [(text: String, value: Value)] = [
        // Booleans of YAML 1.1.
        ("y", true), ("Y", true), ("yes", true), ("Yes", true), ("on", true), ("ON", true), ("true", true),
        ("TRUE", true),
        ("n", false), ("No", false), ("off", false), ("False", false),
        ("yEs", "yEs"), ("tRue", "tRue"), ("oN", "oN"), ("nope", "nope"),
        // Null.
        ("~", nil), ("null", nil), ("Null", nil), ("", nil), ("nUll", "nUll"),
        // Integers in every base.
        ("0", 0), ("12", 12), ("-12", -12), ("+12", 12), ("012", 10), ("0o17", 15), ("0x1f", 31), ("0X1F", 31),
        ("0b11", 3),
        ("-0x10", -16), ("-0b11", -3), ("1_000", 1000), ("0x_ff", 255), ("9223372036854775807", .int(.max)),
        ("-9223372036854775808", .int(.min)),
        // Beyond Int64, and not octal after all.
        ("9223372036854775808", .double(9223372036854775808)), ("08", 8), ("99999999999999999999", .double(1e20)),
        // Floats.
        ("1.5", 1.5), ("0.5", 0.5), ("-0.25", -0.25), ("0", 0), ("00", 0), ("0e3", 0), (".5", 0.5), ("+.5", 0.5),
        ("-.5", -0.5), ("1e3", 1000), ("1.", 1), ("6.02e23", .double(6.02e23)),
        ("1_0.5", 10.5), ("2.0", 2), ("1e400", "1e400"), (".e3", ".e3"), (".", "."), ("1e", "1e"), ("1.5.1", "1.5.1"),
        // What only looks like a number.
        ("12:30", "12:30"), ("2020-01-01", "2020-01-01"), ("0x", "0x"), ("0xg", "0xg"), ("+", "+"),
        ("1k", "1k"),
        ("_1", "_1"), ("0x-1", "0x-1"), ("--1", "--1"), ("v1", "v1"), ("100m", "100m"), ("1.2.3.4", "1.2.3.4"),
        ("0777_", 511), ("infinity", "infinity"), ("nan", "nan"), ("=", "="), ("<<", "<<"),
        // Quotes and tags.
        ("'12'", "12"), ("\"yes\"", "yes"), ("'~'", "~"), ("!!str 12", "12"), ("!!str yes", "yes"), ("!!int '12'", 12),
        ("!!float 1", 1), ("!!bool yes", true), ("!!null ''", nil), ("!foo 12", "12"), ("!!binary aGFsbG8=", "hallo"),
        ("! 12", 12),
    ]

    @Test(arguments: cases) func `a value`(_ text: String, _ value: Value) throws {
        #expect(try Value(yaml: Array("a: \(text)".utf8), file: "t.yaml") == ["a": value])
    }

    static let keys: [(text: String, key: String)] = [
        ("y", "true"), ("on", "true"), ("no", "false"), ("012", "10"), ("1.5", "1.5"), ("'y'", "y"), ("1e30", "1e+30"),
        ("1.0e-7", "1e-07"), ("123456.75", "123456.75"), ("0.0001", "0.0001"), ("2020-01-01", "2020-01-01"),
        ("!!str y", "y"), ("-2.5", "-2.5"), ("1.5e3", "1500"),
    ]

    @Test(arguments: keys) func `a key`(_ text: String, _ key: String) throws {
        let value = try Value(yaml: Array("\(text): 1".utf8), file: "t.yaml")
        #expect(value.mapping?.keys == [key])
    }

    @Test(arguments: [
        ("a: .nan", "yaml: json: unsupported value: NaN"), ("a: -.inf", "yaml: json: unsupported value: -Inf"),
        ("a: !!int abc", "yaml: cannot decode !!str `abc` as a !!int"),
        ("a: !!binary '%'", "yaml: !!binary value contains invalid base64 data"),
        ("{[a]: 1}", "yaml: invalid map key: seq"), ("{{ .Values.x }}: 1", "yaml: invalid map key: map"),
        ("<<: 1", "yaml: map merge requires map or sequence of maps as the value"),
    ])
    func `no value for it`(_ text: String, _ message: String) {
        let error = #expect(throws: YAMLError.self) { try Value(yaml: Array(text.utf8), file: "t.yaml") }
        #expect(error?.goMessage == message)
        #expect(error?.kind == .value)
        #expect(error?.diagnostic.location?.line == 1)
    }
}
