// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// sprig's certificates: RSA keys of 2048 bits, PKCS#1.
enum CertificateFunctions {
    static let all: [Function] = [
        Function("genCA", [.string, .int]) { _, values in
            .object(try authority(values, key: try PrivateKey.make(.rsa(bits: 2048))))
        },
        Function("genCAWithKey", [.string, .int, .string]) { _, values in
            .object(try authority(values, key: try PrivateKey(pem: values.text(2).text)))
        },
        Function("genSelfSignedCert", [.string, .anyList, .anyList, .int]) { _, values in
            .object(try selfSigned(values, key: try PrivateKey.make(.rsa(bits: 2048))))
        },
        Function("genSelfSignedCertWithKey", [.string, .anyList, .anyList, .int, .string]) { _, values in
            .object(try selfSigned(values, key: try PrivateKey(pem: values.text(4).text)))
        },
        Function("genSignedCert", [.string, .anyList, .anyList, .int, CertificateObject.goType]) { _, values in
            .object(try signed(values, key: try PrivateKey.make(.rsa(bits: 2048))))
        },
        Function("genSignedCertWithKey", [.string, .anyList, .anyList, .int, CertificateObject.goType, .string]) {
            _, values in .object(try signed(values, key: try PrivateKey(pem: values.text(5).text)))
        },
        Function("buildCustomCert", [.string, .string]) { _, values in
            let certificate = try decoded(values.text(0), "certificate")
            let key = try decoded(values.text(1), "key")
            _ = try Certificate(pem: certificate)
            _ = try PrivateKey(pem: key)
            return .object(CertificateObject(certificate: certificate, key: key))
        },
    ]

    private static func authority(_ values: [GoValue], key: PrivateKey) throws -> CertificateObject {
        var request = CertificateRequest(commonName: values.text(0).text, days: values.int(1))
        request.isAuthority = true
        return try CertificateObject(try request.selfSigned(with: key))
    }

    private static func selfSigned(_ values: [GoValue], key: PrivateKey) throws -> CertificateObject {
        try CertificateObject(try request(values).selfSigned(with: key))
    }

    private static func signed(_ values: [GoValue], key: PrivateKey) throws -> CertificateObject {
        guard case .object(let object) = values[4], let authority = object as? CertificateObject else {
            throw GoError.nilPointer()
        }
        let pair = try CertifiedKey(certificatePEM: authority.certificate, keyPEM: authority.key)
        return try CertificateObject(try request(values).signed(by: pair, for: key))
    }

    private static func request(_ values: [GoValue]) throws -> CertificateRequest {
        var request = CertificateRequest(commonName: values.text(0).text, days: values.int(3))
        request.ipAddresses = try list(values[1]).map { value in
            guard case .string(let text) = value else {
                throw GoError("error parsing ip: \(GoPrinter.text(value)) is not a string")
            }
            guard let address = IPAddress(text.text) else { throw GoError("error parsing ip: \(text.text)") }
            return address
        }
        request.dnsNames = try list(values[2]).map { value in
            guard case .string(let text) = value else {
                throw GoError("error processing alternate dns name: \(GoPrinter.text(value)) is not a string")
            }
            return text.text
        }
        return request
    }

    private static func list(_ value: GoValue) -> [GoValue] {
        if case .list(let list) = value { return list.items }
        return []
    }

    private static func decoded(_ text: Bytes, _ what: String) throws -> String {
        do throws(Base64Error) {
            return (try Base64.decode(bytes: text)).text
        } catch {
            throw GoError("unable to decode base64 \(what): \(error.description)")
        }
    }
}

/// A certificate with its key: fields `Cert` and `Key`, PEM texts.
final class CertificateObject: GoObject {
    static let goType = GoType.named("sprig.certificate", kind: .structure)

    let certificate: String
    let key: String

    init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    convenience init(_ pair: CertifiedKey) throws {
        self.init(certificate: try pair.certificate.pem(), key: try pair.key.pem(.traditional))
    }

    override var type: GoType { Self.goType }
    override var printed: Bytes { Bytes("{\(certificate) \(key)}") }
    override var encoded: GoValue {
        .map(GoMap([(Bytes("Cert"), .text(certificate)), (Bytes("Key"), .text(key))]))
    }

    override func field(_ name: Bytes) -> GoValue? {
        switch name.text {
        case "Cert": .text(certificate)
        case "Key": .text(key)
        default: nil
        }
    }
}
