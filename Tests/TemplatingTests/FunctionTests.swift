// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Templating

/// Single functions (spec/templating.md C5); texts that start with ! are errors.
struct FunctionTests {
    private func check(_ template: String, _ expected: String, at location: SourceLocation = #_sourceLocation) throws {
        let shown =
            switch try Fixture.render(
                template, values: "five: 5\nbig: 1e6\nlist: [b, a, c]\nmap: {b: 2, a: 1}\nnone:\n")
            {
            case .text(let text): text
            case .failure(let message): "!" + message
            }
        if expected.hasPrefix("!") {
            #expect(shown.hasPrefix("!") && shown.contains(expected.dropFirst()), "\(shown)", sourceLocation: location)
        } else {
            #expect(shown == expected, "\(template)", sourceLocation: location)
        }
    }

    @Test(arguments: [
        (#"{{ trunc 5 "hello world" }}|{{ trunc -5 "hello world" }}|{{ trunc 50 "x" }}"#, "hello|world|x"),
        (#"{{ quote 1 nil "a\"b" 1.5 }}|{{ quote nil }}|{{ quote .Values.big }}"#, #""1" "a\"b" "1.5"||"1e+06""#),
        (#"{{ squote "a" nil 1 }}"#, "'a' '1'"),
        (
            #"{{ "  x " | trim }}|{{ trimAll "$" "$5.00$" }}|{{ trimSuffix "-" "a--" }}|{{ trimPrefix "-" "--a" }}"#,
            "x|5.00|a-|-a"
        ),
        (#"{{ contains "b" "abc" }} {{ hasPrefix "a" "abc" }} {{ hasSuffix "a" "abc" }}"#, "true true false"),
        (#"{{ replace "a" "b" "banana" }}|{{ replace "" "-" "ab" }}"#, "bbnbnb|-a-b-"),
        (#"{{ indent 2 "a\nb" }}|{{ nindent 2 "a\n" }}|"#, "  a\n  b|\n  a\n  |"),
        (#"{{ indent .Values.five "a" }}"#, "!wrong type for value; expected int; got float64"),
        (#"{{ indent -1 "a" }}"#, "!negative Repeat count"),
        (
            #"{{ upper "straße" }} {{ lower "ÄB" }} {{ title "hello wörld" }} {{ untitle "Hello World" }}"#,
            "STRAßE äb Hello Wörld hello world"
        ),
        (
            #"{{ repeat 3 "ab" }}|{{ substr 1 3 "hello" }}|{{ substr -1 3 "hello" }}|{{ substr 2 -1 "hello" }}|{{ substr 1 99 "hello" }}"#,
            "ababab|el|hel|llo|ello"
        ),
        (#"{{ nospace " a b\tc " }}|{{ initials "First Try" }}|{{ swapcase "aBc" }}"#, "abc|FT|AbC"),
        (#"{{ cat "a" nil 1 }}|{{ join "-" (list 1 nil "b") }}|{{ join "," "x" }}"#, "a 1|1-b|x"),
        (#"{{ (split "/" "a/b/c")._1 }} {{ (splitn "/" 2 "a/b/c")._1 }} {{ len (splitList "," "") }}"#, "b b/c 1"),
        (#"{{ sortAlpha (list "b" "a" 3) }} {{ sortAlpha "x" }} {{ toStrings (list 1 nil 2) }}"#, "[3 a b] [x] [1 2]"),
        (
            #"{{ camelcase "http_server" }} {{ snakecase "HTTPServer" }} {{ kebabcase "FirstName" }}"#,
            "HttpServer http_server first-name"
        ),
        (
            #"{{ abbrev 5 "hello world" }}|{{ abbrevboth 5 10 "1234 5678 9123" }}|{{ plural "one" "many" 2 }}"#,
            "he...|...5678...|many"
        ),
        (#"{{ wrap 5 "hello world foo" }}|{{ wrapWith 5 "+" "Hello World" }}"#, "hello\nworld\nfoo|Hello+World"),
    ])
    func `strings`(_ template: String, _ expected: String) throws { try check(template, expected) }

    @Test(arguments: [
        (
            #"{{ default "d" "" }} {{ default "d" .Values.none }} {{ default "d" 0 }} {{ default "d" "x" }} {{ default "d" }}"#,
            "d d d x d"
        ),
        (#"{{ empty (list) }} {{ empty 0 }} {{ empty "0" }} {{ empty now }}"#, "true true false false"),
        (#"{{ coalesce 0 "" nil "x" "y" }}|{{ coalesce 0 }}"#, "x|"),
        (#"{{ ternary "a" "b" true }} {{ false | ternary "a" "b" }}"#, "a b"),
        (#"{{ ternary "a" "b" "true" }}"#, #"!expected bool; found "true""#),
        (#"{{ any 0 "" 1 }} {{ any }} {{ all }} {{ all 1 0 }}"#, "true false true false"),
        (#"{{ required "need it" .Values.none }}"#, "!execution error at (t/templates/x.yaml:1:3): need it"),
        (#"{{ required "need it" 0 }}"#, "0"),
        (#"{{ fail "stop" }}"#, "!execution error at (t/templates/x.yaml:1:3): stop"),
    ])
    func `defaults`(_ template: String, _ expected: String) throws { try check(template, expected) }

    @Test(arguments: [
        (
            #"{{ int "010" }} {{ int "0x1F" }} {{ int "1_000" }} {{ int "08" }} {{ int "4.9" }} {{ int 4.9 }} {{ int true }} {{ int nil }}"#,
            "8 31 1000 0 0 4 1 0"
        ),
        (
            #"{{ int64 .Values.big }} {{ float64 "1.5" }} {{ float64 "x" }} {{ atoi "12" }} {{ atoi "x" }} {{ toDecimal "0777" }}"#,
            "1000000 1.5 0 12 0 511"
        ),
        (#"{{ toString 1e6 }} {{ toString nil }} {{ toString (list 1) }}"#, "1e+06 <nil> [1]"),
        (
            #"{{ kindOf 1 }} {{ kindOf .Values.five }} {{ kindOf nil }} {{ kindIs "map" .Values }} {{ kindOf (list) }} {{ kindOf .Capabilities }}"#,
            "int float64 invalid true slice ptr"
        ),
        (
            #"{{ typeOf .Values }} {{ typeOf .Values.map }} {{ typeOf (until 1) }} {{ typeOf (splitList "," "a") }} {{ typeIs "float64" .Values.five }}"#,
            "common.Values map[string]interface {} []int []string true"
        ),
        (#"{{ deepEqual (list 1) (list 1) }} {{ deepEqual 1 1.0 }}"#, "true false"),
    ])
    func `conversions and types`(_ template: String, _ expected: String) throws { try check(template, expected) }

    @Test(arguments: [
        (
            #"{{ first .Values.list }} {{ last .Values.list }} {{ rest .Values.list }} {{ initial .Values.list }} {{ reverse .Values.list }}"#,
            "b c [a c] [b a] [c a b]"
        ),
        (#"{{ first (list) }}|{{ rest (list) }}"#, "|"),
        (#"{{ first nil }}"#, "!nil pointer"),
        (#"{{ first "x" }}"#, "!Cannot first on type string"),
        (
            #"{{ append (list 1) 2 }} {{ prepend (list 1) 2 }} {{ push (list 1) 2 }} {{ concat (list 1) (list 2 3) }}"#,
            "[1 2] [2 1] [1 2] [1 2 3]"
        ),
        (
            #"{{ uniq (list 1 1 2 1.0) }} {{ without (list 1 2 3) 1 3 }} {{ has 2 (list 1 2) }} {{ has 1 nil }} {{ compact (list 0 1 "" "a") }}"#,
            "[1 2 1] [2] true false [1 a]"
        ),
        (
            #"{{ slice (list 1 2 3) 1 }} {{ slice (list 1 2 3) 0 2 }} {{ chunk 2 (list 1 2 3) }}"#,
            "[2 3] [1 2] [[1 2] [3]]"
        ),
        (
            #"{{ seq 5 }}|{{ seq -3 }}|{{ seq 2 4 }}|{{ seq 0 2 6 }}|{{ seq 5 0 1 }}"#,
            "1 2 3 4 5|1 0 -1 -2 -3|2 3 4|0 2 4 6|"
        ),
        (#"{{ max 1 5 "3" }} {{ min 4 2.9 }} {{ maxf 1.5 2 }}"#, "5 2 2"),
    ])
    func `lists`(_ template: String, _ expected: String) throws { try check(template, expected) }

    @Test(arguments: [
        (
            #"{{ dict "b" 1 "a" }} {{ get .Values.map "a" }}{{ get .Values.map "zz" }} {{ hasKey .Values.map "a" }}"#,
            "map[a: b:1] 1 true"
        ),
        (
            #"{{ $d := dict "a" 1 }}{{ $_ := set $d "b" 2 }}{{ $d }}{{ $_ := unset $d "a" }}{{ $d }}"#,
            "map[a:1 b:2]map[b:2]"
        ),
        (#"{{ hasKey .Values.missing "a" }}"#, "!expected map[string]interface {}; got interface {}"),
        (
            #"{{ keys .Values.map }} {{ values .Values.map }} {{ pick .Values.map "a" "x" }} {{ omit .Values.map "a" }} {{ pluck "a" .Values.map (dict "a" 9) (dict) }}"#,
            "[a b] [1 2] map[a:1] map[b:2] [1 9]"
        ),
        (
            #"{{ merge (dict "a" 0 "m" (dict "x" 1)) (dict "a" 5 "b" 6 "m" (dict "x" 2 "y" 3)) }}"#,
            "map[a:5 b:6 m:map[x:1 y:3]]"
        ),
        (
            #"{{ mergeOverwrite (dict "a" 1 "m" (dict "x" 1)) (dict "a" "" "m" (dict "y" 2)) }}"#,
            "map[a: m:map[x:1 y:2]]"
        ),
        (
            #"{{ $a := dict "m" (dict "x" 1) }}{{ $b := deepCopy $a }}{{ $_ := set $b.m "x" 2 }}{{ $a }}{{ $b }}"#,
            "map[m:map[x:1]]map[m:map[x:2]]"
        ),
        (
            #"{{ dig "a" "b" "none" (dict "a" (dict "b" 1)) }} {{ dig "a" "z" "none" (dict "a" (dict "b" 1)) }}"#,
            "1 none"
        ),
        (
            #"{{ dig "a" 1 .Values }}"#,
            "!interface conversion: interface {} is common.Values, not map[string]interface {}"
        ),
        (#"{{ dig "map" "a" 0 .Values.AsMap }}"#, "1"),
    ])
    func `dictionaries`(_ template: String, _ expected: String) throws { try check(template, expected) }

    @Test(arguments: [
        (
            #"{{ add 1 "2" 3.9 }} {{ sub 5 2 }} {{ mul 2 3 4 }} {{ div 7 2 }} {{ mod 7 3 }} {{ add1 1 }}"#,
            "6 3 24 3 1 2"
        ),
        (#"{{ div 1 0 }}"#, "!error calling div: runtime error: integer divide by zero"),
        (
            #"{{ addf 0.1 0.2 }} {{ divf 1 3 }} {{ mulf 1.5 2 }} {{ subf 1 0.9 }} {{ add1f 1.5 }}"#,
            "0.3 0.3333333333333333 3 0.1 2.5"
        ),
        (
            #"{{ floor 1.9 }} {{ ceil 1.1 }} {{ round 123.555555 3 }} {{ round -1.5 0 }} {{ round 1.5 0 }}"#,
            "1 2 123.556 -2 2"
        ),
    ])
    func `math`(_ template: String, _ expected: String) throws { try check(template, expected) }

    @Test(arguments: [
        (
            #"{{ b64enc "hi" }} {{ b64dec "aGk=" }} {{ b32enc "hello" }} {{ b32dec "NBSWY3DP" }}"#,
            "aGk= hi NBSWY3DP hello"
        ),
        (#"{{ b64dec "!" }}"#, "illegal base64 data at input byte 0"),
        (
            #"{{ sha1sum "a" }} {{ sha256sum "" }} {{ adler32sum "a" }}"#,
            "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 6422626"
        ),
        (
            #"{{ toJson (dict "b" 1 "a" "<&>") }} {{ toRawJson "<" }} {{ toJson 1e21 }} {{ toJson 1e-7 }} {{ toJson nil }}"#,
            #"{"a":"\u003c\u0026\u003e","b":1} "<" 1e+21 1e-7 null"#
        ),
        (#"{{ toPrettyJson (dict "a" (list 1) "b" (dict)) }}"#, "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}"),
        (
            #"{{ (fromJson "{\"a\":1}").a }} {{ fromJsonArray "[1,2]" }} {{ hasKey (fromJson "[") "Error" }}"#,
            "1 [1 2] true"
        ),
        (#"{{ fromYamlArray "[1, 2]" }} {{ (fromYaml "y: 1").true }} {{ fromYaml "" }}"#, "[1 2] 1 map[]"),
        (
            #"{{ toToml (dict "b" 1.0 "a" "x" "t" (dict "k" (list 1 2))) }}"#,
            "a = \"x\"\nb = 1.0\n\n[t]\n  k = [1, 2]\n"
        ),
        (
            #"{{ (urlParse "https://u:p@h.example:80/p/a?q=1#f").host }} {{ urlJoin (urlParse "https://u:p@h:80/p?q=1#f") }}"#,
            "h.example:80 https://u:p@h:80/p?q=1#f"
        ),
        ("{{ toYaml \"a\u{7F}\" }}|", "|"),
        (
            #"{{ derivePassword 1 "long" "password" "user" "example.com" }} {{ derivePassword 1 "pin" "password" "user" "example.com" }}"#,
            "ZedaFaxcZaso9* 6685"
        ),
        (#"{{ decryptAES "key" (encryptAES "key" "plain") }}"#, "plain"),
    ])
    func `encodings`(_ template: String, _ expected: String) throws { try check(template, expected) }

    @Test(arguments: [
        (
            #"{{ regexMatch "^a+$" "aaa" }} {{ regexMatch "(" "a" }} {{ regexFind "[0-9]+" "ab12c" }} {{ regexFindAll "[a-z]" "a1b2" -1 }}"#,
            "true false 12 [a b]"
        ),
        (
            #"{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }} {{ regexReplaceAll "a(x*)b" "-ab-axxb-" "$1W" }} {{ regexReplaceAll "" "abc" "-" }}"#,
            "-W-xxW- --- -a-b-c-"
        ),
        (
            #"{{ regexReplaceAllLiteral "a" "banana" "$1" }} {{ regexSplit "a" "banana" -1 }} {{ regexSplit "a" "banana" 2 }} {{ regexQuoteMeta "a.b" }}"#,
            #"b$1n$1n$1 [b n n ] [b nana] a\.b"#
        ),
        (#"{{ regexFind "{(v[0-9])*[^}]*}}$" "a{v1x}}" }} {{ regexMatch "^[\\w-\\.]+$" "a-b" }}"#, "{v1x}} true"),
        (#"{{ mustRegexMatch "(" "a" }}"#, "!error parsing regexp: missing closing )"),
        (#"{{ mustRegexMatch "x(?=y)" "a" }}"#, "!error parsing regexp"),
    ])
    func `regular expressions`(_ template: String, _ expected: String) throws { try check(template, expected) }

    @Test(arguments: [
        ("<1.25-0", "v1.24.9-gke.100", true), ("<1.25-0", "1.25.0", false), (">=1.19-0", "1.33.2", true),
        (">= 1.27.x", "1.27.3", true), ("^6.36.0-0 || ^7.36.0-0", "7.40.1", true), (">=1.4-0, <1.7-0", "1.6.9", true),
        (">=1.18.0-0 <1.27.0-0", "1.27.0", false), (">=1.20", "1.21.0-rc.1", false), ("~1.2.3", "1.2.9", true),
        ("~1.2.3", "1.3.0", false), ("^0.2.3", "0.2.9", true), ("^0.2.3", "0.3.0", false), ("1.x", "1.9.9", true),
        ("!=1.2.x", "1.2.5", false), (">1.2", "1.2.5", false), (">1.2", "1.3.0", true), ("<=1.2", "1.2.9", true),
        ("1.2 - 1.4", "1.3.0", true), ("*", "1.0.0", true), ("=1.2.3", "v1.2.3", true), ("^1", "2.0.0", false),
    ])
    func `semverCompare follows Masterminds (C7)`(_ constraint: String, _ version: String, _ expected: Bool) throws {
        try check("{{ semverCompare \"\(constraint)\" \"\(version)\" }}", expected ? "true" : "false")
    }

    @Test(arguments: [
        (#"{{ semverCompare "" "1.2.3" }}"#, "!improper constraint: "),
        (#"{{ semverCompare ">=1" "x" }}"#, "!invalid semantic version"),
        (
            #"{{ with semver "v1.2.3-rc.1+m" }}{{ printf "%d" .Minor }} {{ .Prerelease }} {{ .Metadata }} {{ . }} {{ .Original }}{{ end }}"#,
            "2 rc.1 m 1.2.3-rc.1+m v1.2.3-rc.1+m"
        ),
        (
            #"{{ base "a/b.c" }} {{ dir "a/b.c" }} {{ clean "a/../b//c" }} {{ ext "x.tar.gz" }} {{ isAbs "/a" }} {{ base "" }} {{ osBase "/x/" }}"#,
            "b.c a b/c .gz true . x"
        ),
        (
            #"{{ dateInZone "2006-01-02 15:04:05" 0 "UTC" }} {{ dateInZone "Mon Jan _2 3PM" 1000000000 "nowhere" }}"#,
            "1970-01-01 00:00:00 Sun Sep  9 1AM"
        ),
        (
            #"{{ dateInZone "2006-01-02T15:04:05Z07:00" (toDate "2006-01-02" "2024-02-29") "Europe/Berlin" }}"#,
            "2024-02-29T01:00:00+01:00"
        ),
        (
            #"{{ unixEpoch (toDate "2006-01-02" "2024-02-30") }} {{ toDate "2006-01-02" "2024-02-29" | dateModify "-1.5h" | unixEpoch }}"#,
            "-62135596800 1709159400"
        ),
        (
            #"{{ duration "95" }} {{ duration 95 }} {{ durationRound "2h10m5s" }} {{ durationRound "400h" }}"#,
            "1m35s 0s 2h 16d"
        ),
        (
            #"{{ len (randAlphaNum 8) }} {{ regexMatch "^[0-9]{4}$" (randNumeric 4) }} {{ len (b64dec (randBytes 7)) }} {{ len uuidv4 }}"#,
            "8 true 7 36"
        ),
        (
            #"{{ htpasswd "a:b" "x" }} {{ hasPrefix "u:$2" (htpasswd "u" "x") }} {{ genPrivateKey "nope" }}"#,
            "invalid username: a:b true Unknown type nope"
        ),
        (
            #"{{ html "<a>" }} {{ js "it's <b>" }} {{ urlquery "a b&c" }} {{ hello }} {{ getHostByName "example.com" }}|"#,
            #"&lt;a&gt; it\'s \u003Cb\u003E a+b%26c Hello! |"#
        ),
        (
            #"{{ $ca := genCA "ca" 1 }}{{ $c := genSignedCert "cn" (list "127.0.0.1") (list "a.b") 1 $ca }}{{ typeOf $c }} {{ hasPrefix "-----BEGIN CERTIFICATE" $c.Cert }} {{ hasPrefix "-----BEGIN RSA PRIVATE KEY" $c.Key }}"#,
            "sprig.certificate true true"
        ),
        (#"{{ genSelfSignedCert "cn" (list "nope") nil 1 }}"#, "!error parsing ip: nope"),
    ])
    func `versions, paths, dates, randomness, certificates`(_ template: String, _ expected: String) throws {
        try check(template, expected)
    }

    @Test func `every function of Helm has an implementation`() throws {
        let names = try Fixture.text(Fixture.golden + "functions.txt").split(separator: "\n").map(String.init)
        let missing = names.filter { FunctionTable.all[ByteKey(Array($0.utf8))] == nil }
        #expect(missing.isEmpty)
        #expect(FunctionTable.all[ByteKey(Array("env".utf8))] == nil)
    }
}
