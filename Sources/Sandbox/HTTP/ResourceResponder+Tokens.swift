// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

extension ResourceResponder {
    /// Makes a token for a service account: the answer to a `TokenRequest`.
    func createToken() throws -> HTTPResponse {
        let form = try request.form()
        var document = try request.document()
        let account = Fields(try api.get(request.target).value)
        let spec = Fields(document["spec"])
        var wanted = ServiceAccountTokens.Request()
        wanted.audiences = spec.audiences.list.map(\.text)
        wanted.life = spec.expirationSeconds.value?.int ?? 3600
        guard wanted.life >= 600 else {
            throw StatusError.invalid(
                group: "authentication.k8s.io", kind: "TokenRequest", name: "",
                [
                    .invalid(
                        FieldPath("spec.expirationSeconds"), .int(wanted.life),
                        "may not specify a duration less than 10 minutes")
                ])
        }
        if spec.boundObjectRef.exists { wanted.pod = try boundPod(spec.boundObjectRef, account) }
        let (token, expiration) = router.authentication.serviceAccounts.issue(for: account, wanted)
        document["kind"] = "TokenRequest"
        document["apiVersion"] = "authentication.k8s.io/v1"
        document["metadata"] = [
            "name": .string(account.objectName), "namespace": .string(account.objectNamespace),
            "creationTimestamp": .string("\(api.now())"),
        ]
        let audiences = wanted.audiences.isEmpty ? [ServiceAccountTokens.audience] : wanted.audiences
        document.set(.array(audiences.map { .string($0) }), at: ["spec", "audiences"])
        document.set(.int(wanted.life), at: ["spec", "expirationSeconds"])
        document["status"] = ["token": .string(token), "expirationTimestamp": .string("\(expiration)")]
        return .document(document, form: form == .yaml ? .yaml : .json, status: 201)
    }

    /// The pod that a token shall be bound to: it must run as the account.
    private func boundPod(_ reference: Fields, _ account: Fields) throws -> Fields {
        guard reference.kind.text == "Pod", reference.apiVersion.text == "v1" else {
            throw StatusError.badRequest("cannot bind token to object of type \(reference.kind.text)")
        }
        let name = reference.name.text
        let key = ObjectKey(.pods, namespace: account.objectNamespace, name: name)
        guard let stored = api.store.get(key) else { throw StatusError.notFound(.pods, name) }
        let pod = Fields(stored.value)
        guard pod.spec.serviceAccountName.text == account.objectName else {
            throw StatusError.badRequest(
                "cannot bind token for serviceaccount \"\(account.objectName)\" to pod running with different serviceaccount name."
            )
        }
        if let uid = reference.uid.nonEmpty, uid != pod.objectUID {
            throw StatusError.conflict(
                group: "", resource: "pods", name: name,
                "the UID in the bound object reference (\(uid)) does not match the UID in record (\(pod.objectUID)). "
                    + "The object might have been deleted and then recreated")
        }
        return pod
    }
}
