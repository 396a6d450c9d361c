// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Testing

struct CertificateTests {
    let authority: CertifiedKey

    init() throws { authority = try CertifiedKey.authority(commonName: "test-ca", days: 10) }

    func leaf(_ kind: PrivateKey.Kind = .p256) throws -> CertifiedKey {
        var request = CertificateRequest(commonName: "leaf", days: 3, now: 1_700_000_000)
        request.organizations = ["system:masters"]
        request.dnsNames = ["localhost", "*.party.svc"]
        request.ipAddresses = try ["127.0.0.1", "::1"].map { try #require(IPAddress($0)) }
        return try authority.issue(request, keyKind: kind)
    }

    @Test func `an authority is one and signs itself`() throws {
        let certificate = authority.certificate
        #expect(certificate.isAuthority)
        #expect(certificate.isSigned(by: certificate))
        #expect(certificate.subject == "CN=test-ca")
        #expect(certificate.issuer == certificate.subject)
    }

    @Test(arguments: [PrivateKey.Kind.p256, .rsa(bits: 2048), .ed25519])
    func `a leaf says what was asked`(kind: PrivateKey.Kind) throws {
        let leaf = try leaf(kind).certificate
        #expect(!leaf.isAuthority)
        #expect(leaf.isSigned(by: authority.certificate))
        #expect(!leaf.isSigned(by: leaf))
        #expect(leaf.subject == "CN=leaf,O=system:masters")
        #expect(leaf.commonName == "leaf")
        #expect(leaf.issuer == "CN=test-ca")
        #expect(leaf.notBefore == 1_700_000_000 - 300)
        #expect(leaf.notAfter == 1_700_000_000 + 3 * 86_400)
        #expect(leaf.alternativeNames.all == ["localhost", "*.party.svc", "127.0.0.1", "::1"])
        #expect(try leaf.fingerprint().count == 64)
    }

    @Test func `names are matched as TLS matches them`() throws {
        let leaf = try leaf().certificate
        #expect(leaf.isValid(forHost: "localhost") && leaf.isValid(forHost: "127.0.0.1"))
        #expect(leaf.isValid(forHost: "a.party.svc") && !leaf.isValid(forHost: "a.b.party.svc"))
        #expect(!leaf.isValid(forHost: "10.0.0.1") && !leaf.isValid(forHost: "example.com"))
    }

    @Test func `a comma in a name does not become another name`() throws {
        var request = CertificateRequest(commonName: "x", days: 1)
        request.dnsNames = ["a,DNS:b"]
        let names = try authority.issue(request).certificate.alternativeNames
        #expect(names.dnsNames == ["a,DNS:b"])
    }

    @Test func `a name that is too long is refused`() {
        let name = String(repeating: "n", count: 65)
        #expect(throws: CryptoError.self) { try CertifiedKey.authority(commonName: name, days: 1) }
    }

    @Test func `PEM is read back, alone and in a bundle`() throws {
        let leaf = try leaf()
        let text = try leaf.certificate.pem() + "some comment\n" + authority.certificate.pem()
        #expect(try Certificate(pem: text).commonName == "leaf")
        #expect(try Certificate.bundle(pem: text).map(\.commonName) == ["leaf", "test-ca"])
        #expect(throws: CryptoError.self) { try Certificate.bundle(pem: "no certificate here") }
        #expect(throws: CryptoError.self) { try Certificate(pem: "") }
        let damaged = text.replacing("MII", with: "AAA")
        #expect(throws: CryptoError.self) { try Certificate.bundle(pem: damaged) }
    }

    @Test(arguments: [
        (PrivateKey.Kind.rsa(bits: 2048), "RSA PRIVATE KEY"), (.p256, "EC PRIVATE KEY"), (.ed25519, "PRIVATE KEY"),
    ])
    func `keys are written in both forms and read back`(kind: PrivateKey.Kind, label: String) throws {
        let key = try PrivateKey.make(kind)
        let traditional = try key.pem(.traditional)
        #expect(traditional.hasPrefix("-----BEGIN \(label)-----"))
        #expect(try key.pem().hasPrefix("-----BEGIN PRIVATE KEY-----"))
        let certificate = try CertificateRequest(commonName: "k", days: 1).selfSigned(with: key).certificate
        #expect(try PrivateKey(pem: traditional).matches(certificate))
        #expect(try PrivateKey(pem: key.pem()).matches(certificate))
    }

    @Test func `a key of another certificate is refused`() throws {
        let certificate = try leaf().certificate.pem()
        let key = try leaf().key.pem()
        #expect(throws: CryptoError("the private key does not belong to the certificate")) {
            try CertifiedKey(certificatePEM: certificate, keyPEM: key)
        }
    }

    @Test func `an encrypted key says so instead of asking for a passphrase`() {
        let pem = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBBl0Ojz3sGbMp3zkWHl
            -----END ENCRYPTED PRIVATE KEY-----
            """
        #expect(throws: CryptoError("the private key is encrypted with a passphrase")) { try PrivateKey(pem: pem) }
    }

    @Test(arguments: ["", "10.0.0", "10.0.0.256", "::1%eth0", "10.0.0.1/8", "localhost"])
    func `what is not an address is nil`(text: String) { #expect(IPAddress(text) == nil) }
}
