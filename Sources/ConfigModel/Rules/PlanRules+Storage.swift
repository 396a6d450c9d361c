// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats
import Values

extension PlanRules {
    mutating func checkStorage() {
        let kinds = ["existingClaim", "hostPath", "nfs"].filter { isSet("mysql", $0) }
        if kinds.count > 1 {
            refuse(
                "mysql.\(kinds[1]) and mysql.\(kinds[0]) are two places for the same data", at: "mysql.\(kinds[1])",
                hint: "keep one of them", first: ("the other is written here", "mysql.\(kinds[0])"))
        }
        if let kind = kinds.first, isSet("mysql", "storageClass") {
            warn("mysql.storageClass has no effect beside mysql.\(kind)", at: "mysql.storageClass")
        }
        if isSet("mysql", "hostPathNode"), !isSet("mysql", "hostPath") {
            refuse(
                "mysql.hostPathNode has no mysql.hostPath", at: "mysql.hostPathNode",
                hint: "add hostPath, or remove hostPathNode")
        }
        if let kind = kinds.first, kind != "existingClaim", text("clusterScoped") == "expect" {
            warn(
                "mysql.\(kind) needs a PersistentVolume, which clusterScoped: expect leaves to the administrator",
                at: "mysql.\(kind)", hint: "'iflearnerctl cluster render --scope cluster' prints it")
        }
        if kinds == ["hostPath"], !isSet("mysql", "hostPathNode") {
            warn(
                "mysql.hostPath without mysql.hostPathNode: on another node the database starts empty",
                at: "mysql.hostPath",
                hint: "name the node in hostPathNode")
        }
        if value["persistence"] == false, let kind = kinds.first {
            warn(
                "mysql.\(kind) has no effect with persistence: false", at: "mysql.\(kind)",
                hint: "set persistence: true to keep data")
        }
        if isWritten("mysql.external"), isSet("mysql", "existingSecret") {
            warn("mysql.existingSecret has no effect beside mysql.external", at: "mysql.existingSecret")
        }
        if value[path: "mysql", "backup", "beforeUpgrade"] == true, value[path: "mysql", "backup", "enabled"] != true {
            refuse(
                "mysql.backup.beforeUpgrade needs mysql.backup.enabled", at: "mysql.backup.beforeUpgrade",
                hint: "add enabled: true to mysql.backup")
        }
    }
}
