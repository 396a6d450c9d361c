// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Relay
import Sockets
import Testing

/// What may be written after `--listen` and `--proxy`.
struct RoutingTests {
    @Test(
        arguments: [
            ("30031=fl.coord.example:443", nil, 30031, "fl.coord.example", 443),
            ("127.0.0.1:1235=fl.coord.example:32235", "127.0.0.1", 1235, "fl.coord.example", 32235),
            ("[::1]:1=[2001:db8::1]:2", "::1", 1, "2001:db8::1", 2),
        ] as [(String, String?, UInt16, String, UInt16)])
    func `a rule is read and shown`(text: String, host: String?, port: UInt16, target: String, targetPort: UInt16)
        throws
    {
        let rule = try ListenRule(text)
        #expect(rule.address == ListenAddress(host: host, port: port))
        #expect(rule.target == HostPort(host: target, port: targetPort))
        #expect(rule.description == text)
    }

    @Test func `what is no rule is refused with the reason`() {
        #expect(throws: ListenRule.Problem.noTarget) { try ListenRule("30031") }
        #expect(throws: ListenRule.Problem.address("x")) { try ListenRule("x=a:1") }
        #expect(throws: ListenRule.Problem.address("70000")) { try ListenRule("70000=a:1") }
        for text in ["1=a", "1=a:0", "1=:443", "1=http://a:1", "1=a b:1", "1=a:1\r\nX: y", "1=user@a:1"] {
            #expect(throws: ListenRule.Problem.self, "\(text)") { try ListenRule(text) }
        }
    }

    @Test(arguments: [
        ("http://proxy.klinik.local:3128", "http://proxy.klinik.local:3128"), ("HTTP://proxy/", "http://proxy:80"),
        ("https://10.0.0.1", "https://10.0.0.1:443"), ("http://[fd00::1]:8080", "http://[fd00::1]:8080"),
        ("http://[fd00::1]", "http://[fd00::1]:80"),
    ])
    func `a proxy is read and shown`(text: String, shown: String) throws {
        #expect(try ProxyURL(text).description == shown)
    }

    @Test func `what is no proxy is refused with the reason`() {
        #expect(throws: ProxyURL.Problem.scheme("")) { try ProxyURL("proxy:3128") }
        #expect(throws: ProxyURL.Problem.scheme("socks5")) { try ProxyURL("socks5://proxy:1080") }
        #expect(throws: ProxyURL.Problem.login) { try ProxyURL("http://user:password@proxy:3128") }
        #expect(throws: ProxyURL.Problem.path) { try ProxyURL("http://proxy:3128/x") }
        for text in ["http://", "http://:3128", "http://proxy:0", "http://pro xy:1"] {
            #expect(throws: ProxyURL.Problem.self, "\(text)") { try ProxyURL(text) }
        }
    }
}
