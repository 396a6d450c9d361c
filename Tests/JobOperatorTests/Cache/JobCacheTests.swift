// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Testing
import Values

@Suite struct JobCacheTests {
    private static let key = JobKey(namespace: "default", name: "a")

    private func object(_ kind: String, uid: String, owner: String? = nil, _ more: Mapping = Mapping())
        -> KubernetesObject
    {
        var metadata: Mapping = ["name": "a", "namespace": "default", "uid": .string(uid), "managedFields": [["x": 1]]]
        if let owner {
            metadata["ownerReferences"] = [
                ["kind": "IflearnerJob", "name": "a", "uid": .string(owner), "controller": true]
            ]
        }
        var document: Mapping = ["apiVersion": "v1", "kind": .string(kind), "metadata": .mapping(metadata)]
        for (key, value) in more { document[key] = value }
        return KubernetesObject(.mapping(document))
    }

    @Test func `D5: a child belongs to a job by uid, not by name`() throws {
        let cache = JobCache()
        cache.note(job: object("IflearnerJob", uid: "new"))
        cache.note(.pod, object("Pod", uid: "p", owner: "old"))
        let job = try #require(cache.job(Self.key))
        let pod = try #require(cache.child(.pod, Self.key))
        #expect(!pod.isControlled(by: job))
        cache.note(.pod, object("Pod", uid: "q", owner: "new"))
        #expect(cache.child(.pod, Self.key)?.isControlled(by: job) == true)
    }

    @Test func `the document of our own is kept without managed fields, a stranger's not at all`() {
        let cache = JobCache()
        cache.note(.service, object("Service", uid: "s", owner: "j"))
        #expect(cache.child(.service, Self.key)?.object?["metadata", "managedFields"] == nil)
        #expect(cache.child(.service, Self.key)?.object?.uid == "s")
        cache.note(.service, object("Service", uid: "t"))
        #expect(cache.child(.service, Self.key)?.object == nil)
        #expect(cache.child(.service, Self.key)?.uid == "t")
    }

    @Test func `D7: a pod that had ended is remembered when it goes, for its own job only`() {
        let cache = JobCache()
        cache.note(job: object("IflearnerJob", uid: "j"))
        let ended = object("Pod", uid: "p", owner: "j", ["status": ["phase": "Succeeded"]])
        cache.note(.pod, ended)
        cache.forget(.pod, Self.key, lastState: ended)
        #expect(cache.lastPod(ofJob: "j")?.uid == "p")
        cache.forget(job: Self.key)
        #expect(cache.lastPod(ofJob: "j") == nil)

        cache.note(job: object("IflearnerJob", uid: "k"))
        cache.forget(.pod, Self.key, lastState: ended)
        #expect(cache.lastPod(ofJob: "j") == nil)
        cache.forget(.pod, Self.key, lastState: object("Pod", uid: "r", owner: "k", ["status": ["phase": "Running"]]))
        #expect(cache.lastPod(ofJob: "k") == nil)
    }

    @Test func `D17: the hosts of Ingresses are known as long as they claim them`() {
        let cache = JobCache()
        cache.note(.ingress, object("Ingress", uid: "i", ["spec": ["rules": [["host": "x.example"]]]]))
        #expect(cache.ingresses(claiming: "x.example") == [Self.key])
        cache.note(.ingress, object("Ingress", uid: "i", ["spec": ["rules": [["host": "y.example"]]]]))
        #expect(cache.ingresses(claiming: "x.example").isEmpty)
        cache.forget(.ingress, Self.key)
        #expect(cache.ingresses(claiming: "y.example").isEmpty)
    }
}
