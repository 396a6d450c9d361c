// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats
import Values

/// What training pods get.
extension PlanRules {
    mutating func checkJobs() {
        checkResources(["jobs"])
        checkTolerations(["jobs"])
        checkAllowedImages()
        checkData()
        checkVariables()
        if let size = text("jobs", "shmSize").flatMap(Quantity.size),
            let limit = value[path: "jobs", "resources", "limits", "memory"]?.string,
            let most = Quantity.size(limit), size > most
        {
            warn(
                "jobs.shmSize is above the memory limit of \(limit): what is written there counts as the pod's memory",
                at: "jobs.shmSize", hint: "raise jobs.resources.limits.memory, or lower shmSize")
        }
        if value[path: "jobs", "labels", "app"] != nil {
            refuse(
                "jobs.labels: the operator sets 'app' itself, by which a job's Service finds its pod",
                at: "jobs.labels.app", hint: "choose another key")
        }
        if role == .federate, value[path: "jobs", "evictionGuard"] == true {
            refuse(
                "jobs.evictionGuard is for a server: it guards running aggregators", at: "jobs.evictionGuard",
                hint: "remove it")
        }
        if value[path: "operator", "implementation"] == "upstream", !plan.trainingSettings.isEmpty {
            warn(
                "jobs: the upstream operator makes pods as tasks name them, and reads nothing of jobs but namespace",
                at: "jobs", hint: "write operator.implementation: builtin")
        }
    }

    /// The plan as far as it is right, for what is computed of it.
    private var plan: ClusterPlan { ClusterPlan(value: value, written: .mapping([:]), warnings: []) }

    private mutating func checkAllowedImages() {
        guard let items = value[path: "jobs", "allowImages"]?.array else { return }
        guard !items.isEmpty else {
            refuse(
                "jobs.allowImages is empty: no training image at all would be allowed", at: "jobs.allowImages",
                hint: "name the beginnings of images, or remove the key for all")
            return
        }
        let beginnings = items.compactMap { $0.string.flatMap(ImagePrefix.init) }
        guard role == .server, modules.contains(.flowServer), beginnings.count == items.count,
            let image = plan.images().first(where: { $0.valuesPath.contains("aggregator") })?.target,
            let name = ImageName(image), !beginnings.contains(where: { $0.covers(name) })
        else { return }
        let folder = name.path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        refuse(
            "jobs.allowImages does not allow '\(name.reference)', the aggregator of every task", at: "jobs.allowImages",
            hint: "add '\(name.host)/\(folder)'")
    }

    private mutating func checkData() {
        let paths = (value[path: "jobs", "data"]?.array ?? []).map { $0["path"]?.string }
        for (index, path) in paths.enumerated() {
            guard let path else { continue }
            let place = "jobs.data[\(index)].path"
            if let first = paths[..<index].firstIndex(of: path) {
                refuse(
                    "jobs.data names '\(path)' twice", at: place, hint: "keep one of them",
                    first: ("it is named first here", "jobs.data[\(first)].path"))
            } else if let outer = paths.compactMap(\.self).first(where: { path.hasPrefix($0 + "/") }) {
                warn(
                    "jobs.data: '\(path)' lies in '\(outer)', but is not seen there: each path gets its own claim alone",
                    at: place)
            }
        }
    }

    private mutating func checkVariables() {
        let names = (value[path: "jobs", "env"]?.array ?? []).map { $0["name"]?.string }
        for (index, name) in names.enumerated() {
            guard let name else { continue }
            let place = "jobs.env[\(index)].name"
            if let first = names[..<index].firstIndex(of: name) {
                refuse(
                    "jobs.env sets '\(name)' twice", at: place, hint: "keep one of them",
                    first: ("it is set first here", "jobs.env[\(first)].name"))
            }
            if OtherKeys.isSecretVariable(name), value[path: "jobs", "env"]?[index]?["value"] != "" {
                refuse(
                    "a plan must not hold a secret: '\(name)' in jobs.env", at: place,
                    hint: "leave it out: what training pods get stands in a ConfigMap that others can read")
            }
            if ["http_proxy", "https_proxy", "grpc_proxy", "all_proxy"].contains(name) {
                warn(
                    "jobs.env: gRPC sends training traffic through \(name), and a proxy cannot resolve the names of tasks",
                    at: place,
                    hint: "write \(name.uppercased()), which gRPC does not read, and see egress for training traffic")
            }
        }
    }
}
