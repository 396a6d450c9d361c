// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    /// Checks an event of the core group: those with an `eventTime` say more than those without.
    mutating func checkEvent(_ event: Fields) {
        let path = FieldPath("involvedObject")["namespace"]
        let (own, involved) = (event.objectNamespace, event.involvedObject.namespace.text)
        guard event.eventTime.exists else {
            if involved.isEmpty ? !["", "default"].contains(own) : involved != own {
                add(.invalid(path, .string(involved), "does not match event.namespace"))
            }
            return
        }
        if involved.isEmpty, !["default", "kube-system"].contains(own) {
            add(.invalid(path, .string(involved), "does not match event.namespace"))
        }
        let component = event.reportingComponent.text
        if component.isEmpty { add(.required(FieldPath("reportingComponent"))) }
        check(NameRules.qualifiedName(component), FieldPath("reportingComponent"), .string(component))
        for key in ["reportingInstance", "action", "reason"] {
            if event[key].text.isEmpty { add(.required(FieldPath(key))) }
            checkLength(event[key].text, 128, key)
        }
        checkLength(event.message.text, 1024, "message")
    }

    private mutating func checkLength(_ text: String, _ limit: Int, _ key: String) {
        guard text.utf8.count > limit else { return }
        add(.invalid(FieldPath(key), "", "can have at most \(limit) characters"))
    }
}
