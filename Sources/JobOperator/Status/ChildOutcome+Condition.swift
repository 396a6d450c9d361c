// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Diagnostics

extension ChildOutcome {
    /// The condition that tells of it; nil where there is nothing to tell.
    func condition(_ kind: JobCondition.Kind) -> JobCondition? {
        switch self {
        case .present: JobCondition(kind, .yes, "Created", "")
        case .unwanted, .abandoned: nil
        case .waiting(let why): JobCondition(kind, .no, "NameInUse", why)
        case .taken(let why): JobCondition(kind, .no, "NameTaken", why)
        case .hostTaken(let why): JobCondition(kind, .no, "HostTaken", why)
        case .refused(let error): JobCondition(kind, .no, "Refused", SpecReader.shown(error.description, limit: 900))
        case .notServed(let error): JobCondition(kind, .no, "NotServed", error.diagnostic.message)
        case .failed(let error): JobCondition(kind, .no, "WriteFailed", SpecReader.shown(Self.words(error), limit: 900))
        }
    }

    private static func words(_ error: any Error) -> String {
        (error as? any ClusterFailure)?.diagnostic.message ?? "\(error)"
    }
}

extension IflearnerJob {
    /// A condition that the controller wrote before.
    func condition(_ kind: JobCondition.Kind) -> Condition? { object.condition(kind.rawValue) }
}
