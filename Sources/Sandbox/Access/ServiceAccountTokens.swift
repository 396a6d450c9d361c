// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

/// Makes and checks the tokens of service accounts: signed claims, as those of a real server, of which nothing is kept.
///
/// A token is good until it expires, and as long as its account, and the pod it is bound to, are those it was made for.
struct ServiceAccountTokens: Sendable {
    /// Who is meant by a token for this server.
    static let audience = "https://kubernetes.default.svc.cluster.local"

    private static let header = Base64.encodeURLSafe(#"{"alg":"HS256","typ":"JWT"}"#.utf8)
    private let key: [UInt8]
    private let store: ObjectStore
    private let now: @Sendable () -> Timestamp

    /// Tokens that are signed with a key made of a secret that outlives restarts.
    init(secret: String, store: ObjectStore, now: @escaping @Sendable () -> Timestamp) {
        key = Digest.sha256.authenticationCode(of: "service account tokens".utf8, key: secret.utf8)
        self.store = store
        self.now = now
    }

    /// What a token shall say.
    struct Request: Sendable {
        var audiences: [String] = []
        /// How long it is good, in seconds.
        var life: Int64 = 3600
        /// The pod it is bound to.
        var pod: Fields?
    }

    /// A new token for an account, and when it expires.
    func issue(for account: Fields, _ request: Request = Request()) -> (token: String, expiration: Timestamp) {
        let begin = now()
        let expiration = Timestamp(seconds: begin.seconds + request.life)
        var kubernetes: Value = [
            "namespace": .string(account.objectNamespace),
            "serviceaccount": ["name": .string(account.objectName), "uid": .string(account.objectUID)],
        ]
        if let pod = request.pod {
            kubernetes["pod"] = ["name": .string(pod.objectName), "uid": .string(pod.objectUID)]
        }
        let audiences = request.audiences.isEmpty ? [Self.audience] : request.audiences
        let claims: Value = [
            "aud": .array(audiences.map { .string($0) }), "exp": .int(expiration.seconds),
            "iat": .int(begin.seconds), "iss": .string(Self.audience), "jti": .string(SecureRandom.uuid()),
            "kubernetes.io": kubernetes, "nbf": .int(begin.seconds),
            "sub": .string("system:serviceaccount:\(account.objectNamespace):\(account.objectName)"),
        ]
        let signed = "\(Self.header).\(Base64.encodeURLSafe(claims.json()))"
        return ("\(signed).\(signature(of: signed))", expiration)
    }

    /// The service account of a token; nil when the token is not ours, or good no more.
    func user(of token: String) -> User? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, ConstantTime.equal(parts[2].utf8, signature(of: "\(parts[0]).\(parts[1])").utf8),
            let bytes = try? Base64.decode(parts[1]), let value = try? Value(json: bytes)
        else { return nil }
        let claims = Fields(value)
        guard let expiration = claims.exp.number, Int64(expiration) > now().seconds,
            claims.aud.list.contains(where: { $0.text == Self.audience })
        else { return nil }
        let (account, pod) = (claims["kubernetes.io"].serviceaccount, claims["kubernetes.io"].pod)
        let namespace = claims["kubernetes.io"].namespace.text
        guard exists(.serviceAccounts, account, in: namespace), !pod.exists || exists(.pods, pod, in: namespace) else {
            return nil
        }
        var extra = ["authentication.kubernetes.io/credential-id": "JTI=\(claims.jti.text)"]
        if pod.exists {
            extra["authentication.kubernetes.io/pod-name"] = pod.name.text
            extra["authentication.kubernetes.io/pod-uid"] = pod.uid.text
        }
        return .serviceAccount(account.name.text, namespace: namespace, uid: account.uid.text, extra: extra)
    }

    private func exists(_ resource: GroupResource, _ reference: Fields, in namespace: String) -> Bool {
        guard let object = store.get(ObjectKey(resource, namespace: namespace, name: reference.name.text)) else {
            return false
        }
        return Fields(object.value).objectUID == reference.uid.text
    }

    private func signature(of text: String) -> String {
        Base64.encodeURLSafe(Digest.sha256.authenticationCode(of: text.utf8, key: key))
    }
}
