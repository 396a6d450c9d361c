// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records

/// Says why an object cannot be written, and what to do about it.
enum Refusal {
    /// The object belongs to somebody else.
    static func foreign(_ object: KubernetesObject, _ member: RenderedObjects.Member, owner: String) -> Cause {
        foreign(object, component: member.component, owner: owner)
    }

    /// The object belongs to somebody else.
    static func foreign(_ object: KubernetesObject, component: String, owner: String) -> Cause {
        Cause(
            component: component, object: object.key.description, code: ExitCode.conflict.rawValue,
            message: "\(object.key.longDescription) exists already and belongs to \(owner)",
            hint: "rename ours in the plan, or remove the other one")
    }

    /// The server refused it.
    static func cause(_ error: APIError, of member: RenderedObjects.Member, live: KubernetesObject?) -> Cause {
        cause(error, key: member.manifest.key, component: member.component)
    }

    /// The server refused it: an immutable field, a field of another manager, or an invalid object.
    static func cause(_ error: APIError, key: ObjectKey, component: String) -> Cause {
        let object = key.description
        if let immutable = Immutability(error) {
            let field = immutable.field.isEmpty ? "" : " \(immutable.field)"
            return Cause(
                component: component, object: object, code: ExitCode.immutable.rawValue,
                message: "\(key.longDescription) cannot be changed in place:\(field) \(immutable.message)",
                hint: "undo the change in the plan, or delete the object and upgrade again")
        }
        if error.isFieldConflict {
            let fields = error.causes.map { cause in
                cause.field.isEmpty ? cause.message : "\(cause.field) (\(cause.message))"
            }
            return Cause(
                component: component, object: object, code: ExitCode.conflict.rawValue,
                message: "\(key.longDescription): fields belong to another field manager: "
                    + fields.joined(separator: ", "), hint: error.hint)
        }
        if error.isStaleObject {
            return Cause(
                component: component, object: object, code: ExitCode.conflict.rawValue,
                message: "\(key.longDescription) was replaced by somebody else: \(error.message)",
                hint: "look at it, then run the command again")
        }
        let error = RolloutError(error, component: component, object: object)
        return error.causes.first
            ?? Cause(component: component, object: object, code: error.code.rawValue, message: error.description)
    }
}
