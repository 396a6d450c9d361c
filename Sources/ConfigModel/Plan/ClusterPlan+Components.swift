// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A component of a deployment: what is installed, waited for, upgraded and uninstalled as one.
public struct Component: Sendable, Hashable {
    /// The module it is.
    public let module: Module
    /// The components of the same plan that must be ready before it.
    public let dependencies: [Module]

    /// Its name in records and messages.
    public var name: String { module.name }
}

extension ClusterPlan {
    /// The components in the order of installation.
    public var components: [Component] {
        let modules = modules
        return modules.map { module in
            let needs: [Module] = module == .flowServer || module == .flowFederate ? [.mysql] : []
            return Component(module: module, dependencies: needs.filter(modules.contains))
        }
    }
}
