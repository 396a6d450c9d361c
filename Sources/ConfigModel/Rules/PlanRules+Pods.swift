// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats
import Values

/// What Kubernetes would refuse of a pod's resources and tolerations.
extension PlanRules {
    mutating func checkPods() {
        for module in Module.allCases {
            checkResources([module.name])
            checkTolerations([module.name])
        }
        checkResources([Module.flowFederate.name, "relay"])
    }

    mutating func checkResources(_ block: [String]) {
        let resources = value[path: block + ["resources"]]
        let path = (block + ["resources"]).joined(separator: ".")
        for (name, request) in resources?["requests"]?.mapping ?? [:] {
            guard let least = request.string, let size = Quantity.size(least) else { continue }
            let limit = resources?["limits"]?[name]?.string
            if let limit, let most = Quantity.size(limit), size > most {
                refuse(
                    "\(path) asks for \(least) of \(name), but limits it to \(limit)", at: "\(path).requests.\(name)",
                    hint: "raise the limit or lower the request")
            } else if Names.isDevice(name), limit.flatMap(Quantity.size) != size {
                refuse(
                    "\(path) asks for \(least) of \(name), but limits it to \(limit ?? "nothing")",
                    at: "\(path).requests.\(name)",
                    hint: "devices and huge pages are not shared: write the limit alone, or the same for both")
            }
        }
    }

    mutating func checkTolerations(_ block: [String]) {
        for (index, toleration) in (value[path: block + ["tolerations"]]?.array ?? []).enumerated() {
            let path = block.joined(separator: ".") + ".tolerations[\(index)]"
            if toleration["operator"]?.string == "Exists", toleration["value"]?.string?.isEmpty == false {
                refuse(
                    "\(path): operator Exists takes no value", at: "\(path).value",
                    hint: "remove value, or write operator: Equal")
            }
            if toleration["operator"]?.string != "Exists", toleration["key"] == nil, !isWritten("\(path).key") {
                refuse("\(path) has no key", at: path, hint: "add key, or write operator: Exists for all taints")
            }
            if toleration["tolerationSeconds"] != nil, toleration["effect"]?.string != "NoExecute" {
                refuse(
                    "\(path): tolerationSeconds goes with effect: NoExecute only", at: "\(path).tolerationSeconds",
                    hint: "remove tolerationSeconds, or write effect: NoExecute")
            }
        }
    }
}
