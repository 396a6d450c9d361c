// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import ClusterAPI
import Processes
import Synchronization
import Testing
import Values

@Suite struct `Cluster client` {
    let deployment = ObjectKey(.deployment, namespace: "fl", name: "web")

    @Test func `every operation is one request of the right shape`() async throws {
        let transport = ScriptedTransport { request, _ in
            request.method == .delete
                ? .json(#"{"kind":"Status","apiVersion":"v1","status":"Success"}"#)
                : .json(
                    #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"}}"#,
                    status: request.method == .patch ? 201 : 200)
        }
        let client = transport.client()
        var object = KubernetesObject(deployment)
        _ = try await client.get(deployment)
        _ = try await client.get(deployment, subresource: "scale")
        _ = try await client.create(object, options: WriteOptions(dryRun: true))
        _ = try await client.apply(object, options: ApplyOptions(force: true, dryRun: true, fieldValidation: .warn))
        object.resourceVersion = "5"
        _ = try await client.replace(object, options: WriteOptions(subresource: "status"))
        _ = try await client.patch(deployment, .merge, ["spec": nil])
        _ = try await client.delete(
            deployment, options: DeleteOptions(uid: "u", resourceVersion: "5", propagation: .foreground))
        _ = try await client.get(ObjectKey(.namespace, name: "../x y"))
        let base = "/apis/apps/v1/namespaces/fl/deployments"
        #expect(
            transport.lines == [
                "GET \(base)/web", "GET \(base)/web/scale",
                "POST \(base)?fieldManager=iflearnerctl&fieldValidation=Strict&dryRun=All",
                "PATCH \(base)/web?fieldManager=iflearnerctl&fieldValidation=Warn&force=true&dryRun=All",
                "PUT \(base)/web/status?fieldManager=iflearnerctl&fieldValidation=Strict",
                "PATCH \(base)/web?fieldManager=iflearnerctl&fieldValidation=Strict", "DELETE \(base)/web",
                "GET /api/v1/namespaces/..%2Fx%20y",
            ])
        let requests = transport.requests
        #expect(
            requests.map { $0.headers["Content-Type"] } == [
                nil, nil, "application/json", "application/apply-patch+yaml", "application/json",
                "application/merge-patch+json", "application/json", nil,
            ])
        #expect(requests.map(\.timeout) == [60, 60, 25, 25, 25, 25, 25, 60].map { .seconds($0) })
        let body = try Value(json: requests[6].body ?? [])
        #expect(body["preconditions"] == ["uid": "u", "resourceVersion": "5"])
        #expect(body["propagationPolicy"] == "Foreground")
    }

    @Test func `a result says what was created, the warnings once each, and the server's clock`() async throws {
        var headers: HTTPFields = ["Date": "Fri, 20 Nov 2026 11:37:28 GMT"]
        headers.append("Warning", #"299 - "unknown field \"dat\"", 299 - "old API""#)
        headers.append("warning", #"299 - "old API""#)
        let fields = headers
        let transport = ScriptedTransport { _, _ in
            .json(#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{}}"#, status: 201, headers: fields)
        }
        let result = try await transport.client().apply(KubernetesObject(deployment))
        #expect(result.created)
        #expect(result.warnings == [#"unknown field "dat""#, "old API"])
        #expect(result.serverDate?.rfc3339 == "2026-11-20T11:37:28Z")
    }

    @Test func `lists are read page by page and their items get their types`() async throws {
        let transport = ScriptedTransport { request, _ in
            request.target.contains("continue=")
                ? .json(#"{"kind":"PodList","metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"b"}}]}"#)
                : .json(
                    #"{"kind":"PodList","metadata":{"resourceVersion":"9","continue":"t/+="},"items":[{"metadata":{"name":"a"}}]}"#
                )
        }
        let list = try await transport.client().list(
            .pod, namespace: "fl", selector: Selector(labels: ["b": "2", "a": "1"], presentLabels: ["c"]))
        #expect(list.items.map(\.name) == ["a", "b"])
        #expect(list.items.map(\.groupVersionKind) == [.pod, .pod])
        #expect(list.resourceVersion == "9")
        let selector = "labelSelector=a%3D1%2Cb%3D2%2Cc"
        #expect(
            transport.lines == [
                "GET /api/v1/namespaces/fl/pods?\(selector)&limit=500",
                "GET /api/v1/namespaces/fl/pods?\(selector)&limit=500&continue=t%2F%2B%3D",
            ])
    }

    @Test func `pages that expire are read again in one piece`() async throws {
        let transport = ScriptedTransport { request, _ in
            if request.target.contains("continue=") { return .failure(410, "Expired", "too old") }
            let next = request.target.contains("limit=") ? #","continue":"t""# : ""
            return .json(#"{"metadata":{"resourceVersion":"9"\#(next)},"items":[{"metadata":{"name":"a"}}]}"#)
        }
        let list = try await transport.client().list(.pod)
        #expect(list.items.map(\.name) == ["a"])
        #expect(transport.lines.last == "GET /api/v1/pods")
    }

    @Test func `a server that gives the same page for ever is left`() async throws {
        let transport = ScriptedTransport { _, _ in
            .json(#"{"metadata":{"resourceVersion":"9","continue":"t"},"items":[]}"#)
        }
        await #expect { try await transport.client().list(.pod) } throws: {
            ($0 as? TransportError)?.kind == .malformed
        }
        #expect(transport.requests.count == 2)
    }

    @Test func `metadata lists ask for metadata alone`() async throws {
        let transport = ScriptedTransport { _, _ in
            .json(
                #"{"kind":"PartialObjectMetadataList","metadata":{},"items":[{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a"}}]}"#
            )
        }
        let list = try await transport.client().listMetadata(.secret, namespace: "fl")
        #expect(list.items.first?.groupVersionKind == .secret)
        #expect(transport.requests.first?.headers["Accept"]?.contains("as=PartialObjectMetadataList") == true)
    }

    @Test func `deleting what is not there is done, what has finalizers is pending`() async throws {
        let missing = ScriptedTransport { _, _ in
            .failure(404, "NotFound", "deployments.apps not found", details: #"{"name":"web"}"#)
        }
        guard case .gone = try await missing.client().delete(deployment) else {
            Issue.record("expected gone")
            return
        }
        let held = ScriptedTransport { _, _ in
            .json(
                #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","deletionTimestamp":"2026-11-20T11:37:28Z"}}"#
            )
        }
        guard case .pending(let object) = try await held.client().delete(deployment) else {
            Issue.record("expected pending")
            return
        }
        #expect(object.deletionTimestamp != nil)
    }

    @Test func `reading what may be missing gives nil only for the missing object`() async throws {
        let missing = ScriptedTransport { _, _ in .failure(404, "NotFound", "x", details: #"{"name":"web"}"#) }
        #expect(try await missing.client().find(deployment) == nil)
        let forbidden = ScriptedTransport { _, _ in .failure(403, "Forbidden", "x") }
        await #expect(throws: APIError.self) { try await forbidden.client().find(deployment) }
    }

    @Test(arguments: [
        (200, "text/html", "<html>log in</html>", "cannot be read"),
        (200, "application/json", #"{"kind":"Po"#, "cannot be read"),
        (200, "application/json", "[1]", "not a Kubernetes object"),
        (302, "text/html", "", "redirect"),
    ])
    func `an answer that no API server gives is explained`(
        status: Int, type: String, body: String, text: String
    ) async throws {
        let transport = ScriptedTransport { _, _ in
            HTTPResponse(status: status, headers: ["Content-Type": type], body: Array(body.utf8))
        }
        await #expect { try await transport.client(retry: .once).get(deployment) } throws: { error in
            let error = error as? TransportError
            return error?.kind == .malformed && error?.message.contains(text) == true
                && error?.message.contains("<html>") == false
        }
    }

    @Test func `a proxy's own failure is shown without its markup`() async throws {
        let html = ScriptedTransport { _, _ in
            HTTPResponse(status: 403, headers: ["Content-Type": "text/html"], body: Array("<html><h1>".utf8))
        }
        await #expect { try await html.client().get(deployment) } throws: { error in
            let error = error as? APIError
            return error?.reason == .forbidden && error?.message.contains("text/html") == true
                && error?.message.contains("<h1>") == false
        }
        let plain = ScriptedTransport { _, _ in
            HTTPResponse(
                status: 400, headers: ["Content-Type": "text/plain"],
                body: Array("Client sent an HTTP request to an HTTPS server.\n".utf8))
        }
        await #expect { try await plain.client().get(deployment) } throws: { error in
            (error as? APIError)?.diagnostic.hint?.contains("https://") == true
        }
    }

    @Test func `the log tells method, path, status and duration, and no header or body`() async throws {
        let records = Mutex<[RequestRecord]>([])
        let transport = ScriptedTransport { _, _ in
            .json(#"{"apiVersion":"v1","kind":"Secret","metadata":{},"data":{"p":"c2VjcmV0"}}"#)
        }
        let client = transport.client(
            authenticator: Authenticator(Credentials(authorization: "Bearer canary")),
            log: { record in records.withLock { $0.append(record) } })
        _ = try await client.get(ObjectKey(.secret, namespace: "fl", name: "s"))
        #expect(transport.requests.first?.headers["Authorization"] == "Bearer canary")
        let text = records.withLock { $0 }.map(\.description)
        #expect(text == ["GET /api/v1/namespaces/fl/secrets/s 200 in 0 ms"])
    }

    @Test func `reviews ask and read permissions`() async throws {
        let transport = ScriptedTransport { request, _ in
            request.target.contains("rules")
                ? .json(
                    #"{"status":{"incomplete":false,"resourceRules":[{"verbs":["get","list"],"apiGroups":["apps"],"resources":["deployments","*/scale"]}]}}"#,
                    status: 201)
                : .json(#"{"status":{"allowed":false,"reason":"no"}}"#, status: 201)
        }
        let answer = try await transport.client().selfSubjectAccessReview(
            AccessQuestion("create", "deployments", group: "apps", namespace: "fl"))
        #expect(!answer.isAllowed)
        let body = try Value(json: transport.requests.first?.body ?? [])
        #expect(
            body[path: "spec", "resourceAttributes"] == [
                "verb": "create", "resource": "deployments", "group": "apps", "namespace": "fl",
            ])
        let (rules, isIncomplete) = try await transport.client().selfSubjectRulesReview(namespace: "fl")
        #expect(!isIncomplete)
        #expect(rules[0].covers(AccessQuestion("list", "deployments", group: "apps")))
        #expect(rules[0].covers(AccessQuestion("get", "x", group: "apps", subresource: "scale")))
        #expect(!rules[0].covers(AccessQuestion("delete", "deployments", group: "apps")))
        #expect(!rules[0].covers(AccessQuestion("get", "deployments")))
    }

    @Test func `the version of a provider's server is read`() async throws {
        let transport = ScriptedTransport { _, _ in .json(#"{"major":"1","minor":"28+","gitVersion":"v1.28.3-gke.1"}"#)
        }
        let version = try await transport.client().version()
        #expect((version.major, version.minor, version.gitVersion) == (1, 28, "v1.28.3-gke.1"))
        // A server that was built from source without its number.
        let bare = ScriptedTransport { _, _ in .json(#"{"major":"","minor":"","gitVersion":"v1.20.2"}"#) }
        let told = try await bare.client().version()
        #expect((told.major, told.minor) == (1, 20))
        let other = ScriptedTransport { _, _ in .json("{}") }
        await #expect(throws: TransportError.self) { try await other.client(retry: .once).version() }
    }
}
