// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Curl
import Testing

struct ProxyExemptionsTests {
    @Test(arguments: [
        ("klinik.local", "klinik.local", true), ("klinik.local", "pacs.klinik.local", true),
        ("klinik.local", "xklinik.local", false), (".klinik.local", "klinik.local", false),
        (".klinik.local", "PACS.Klinik.local", true), ("*.klinik.local", "a.klinik.local", true),
        ("10.0.0.0/8", "10.200.3.4", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/8", "ten.example", false),
        ("fd00::/8", "fd12::1", true), ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.30", false),
        ("a.example:443", "a.example", true), ("a.example:80", "a.example", false), ("*", "anything", true),
        ("x, .svc  y", "flow.default.svc", true), ("", "a.example", false), ("10.0.0.0/x", "10.0.0.1", false),
        ("::1", "::1", true),
    ])
    func `an entry covers what Go's NO_PROXY covers`(list: String, host: String, isCovered: Bool) {
        #expect(ProxyExemptions(list).cover(host: host, port: 443) == isCovered)
    }

    @Test func `lists add up`() {
        var exemptions = ProxyExemptions("")
        #expect(exemptions.isEmpty)
        exemptions.add("a.example,b.example")
        exemptions.add("c.example")
        for host in ["a.example", "b.example", "c.example"] { #expect(exemptions.cover(host: host, port: 1)) }
    }
}
