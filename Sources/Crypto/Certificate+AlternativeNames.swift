// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL

extension Certificate {
    /// The names and addresses the certificate is valid for.
    public struct AlternativeNames: Sendable, Equatable {
        /// DNS names, wildcards included.
        public var dnsNames: [String] = []
        /// IP addresses.
        public var ipAddresses: [IPAddress] = []

        /// All of them as text, DNS names first.
        public var all: [String] { dnsNames + ipAddresses.map(\.description) }
    }

    /// The subject alternative names; those of other kinds (mail, URI) are left out.
    public var alternativeNames: AlternativeNames {
        var names = AlternativeNames()
        guard let list = X509_get_ext_d2i(handle, NID_subject_alt_name, nil, nil).map(OpaquePointer.init) else {
            return names
        }
        defer { GENERAL_NAMES_free(list) }
        for index in 0..<OPENSSL_sk_num(list) {
            guard let item = OPENSSL_sk_value(list, index) else { continue }
            var kind: Int32 = 0
            guard let value = GENERAL_NAME_get0_value(item.assumingMemoryBound(to: GENERAL_NAME.self), &kind) else {
                continue
            }
            let bytes = Self.bytes(UnsafePointer(value.assumingMemoryBound(to: ASN1_STRING.self)))
            switch kind {
            case GEN_DNS: names.dnsNames.append(String(decoding: bytes, as: UTF8.self))
            case GEN_IPADD: if let address = IPAddress(bytes: bytes) { names.ipAddresses.append(address) }
            default: continue
            }
        }
        return names
    }
}
