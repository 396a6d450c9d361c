// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI

/// Who has the name under which an object of a job is wanted.
enum Claim: Sendable {
    /// Nobody.
    case free
    /// The job itself, by uid (D5).
    case ours(KubernetesObject)
    /// An object on its way out: it is worth waiting for. The text says which.
    case leaving(String)
    /// Somebody else, who keeps it: nothing is adopted by name, and nothing of a stranger's is deleted. The text says who.
    case taken(String)

    /// Judges an object that the cache has.
    init(_ object: CachedObject?, of kind: ChildKind, for job: IflearnerJob) {
        guard let object else {
            self = .free
            return
        }
        let name = "\(kind.kind)/\(object.key.name)"
        let owner = object.controller
        if object.isBeingDeleted {
            self = .leaving("\(name) is being deleted")
        } else if let whole = object.object, object.isControlled(by: job) {
            self = .ours(whole)
        } else if let owner, owner.kind == JobContract.kind.kind, owner.name == job.key.name {
            // Whoever deletes a job and makes it again in the same second is faster than the garbage collector (C12).
            self = .leaving("\(name) belongs to the job of this name that was deleted before")
        } else if let owner {
            self = .taken("\(name) belongs to \(owner.kind)/\(owner.name)")
        } else {
            self = .taken("\(name) was made by somebody else")
        }
    }

    /// Judges an object that the server has.
    init(live object: KubernetesObject?, of kind: ChildKind, for job: IflearnerJob) {
        self.init(object.map { CachedObject($0) }, of: kind, for: job)
    }
}
