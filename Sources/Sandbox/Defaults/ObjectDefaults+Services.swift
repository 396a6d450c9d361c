// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectDefaults {
    static func fillService(_ object: inout Value) {
        object.edit("spec") { spec in
            spec.fill("sessionAffinity", "None")
            switch spec["sessionAffinity"] {
            case "None": spec["sessionAffinityConfig"] = nil
            case "ClientIP":
                spec.edit("sessionAffinityConfig") { $0.edit("clientIP") { $0.fill("timeoutSeconds", 10_800) } }
            default: break
            }
            spec.fill("type", "ClusterIP")
            spec.editEach("ports") { port in
                port.fill("protocol", "TCP")
                if port["targetPort"] == nil || port["targetPort"] == 0 || port["targetPort"] == "" {
                    port["targetPort"] = port["port"]
                }
            }
            let type = spec["type"]?.string ?? ""
            let isExternal =
                ["NodePort", "LoadBalancer"].contains(type)
                || (type == "ClusterIP" && spec["externalIPs"]?.array?.isEmpty == false)
            if isExternal { spec.fill("externalTrafficPolicy", "Cluster") }
            if ["ClusterIP", "NodePort", "LoadBalancer"].contains(type) {
                spec.fill("internalTrafficPolicy", "Cluster")
            }
            if type == "LoadBalancer" { spec.fill("allocateLoadBalancerNodePorts", true) }
        }
    }
}
