// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import ConfigModel
import Diagnostics
public import Processes
import Values

/// Checks whether a cluster can take a plan, without writing anything (S-3).
public struct Preflight: Sendable {
    let client: ClusterClient
    let time: TimeSource

    /// Checks through a client.
    public init(client: ClusterClient, time: TimeSource) {
        self.client = client
        self.time = time
    }

    /// The checks that need no plan: whether the API server answers, its version and its storage classes.
    ///
    /// Storage is left out where the checks of a plan will look at it anyway.
    /// - Throws: what stands in the way of talking to the API server at all.
    public func clusterChecks(skippingStorage: Bool = false) async throws -> [PreflightCheck] {
        let version = try await client.version()
        var checks = [PreflightCheck("api server", .ok, "answers, \(version)")]
        if version.minor < KubernetesRelease.oldestMinor {
            checks.append(
                PreflightCheck(
                    "version", .fail, "Kubernetes 1.\(version.minor) is too old",
                    remedy: "upgrade the cluster to 1.\(KubernetesRelease.oldestMinor) or later"))
        } else if version.minor > KubernetesRelease.newestMinor {
            checks.append(
                PreflightCheck(
                    "version", .warn, "Kubernetes 1.\(version.minor) is newer than this version knows",
                    remedy: "look for a newer iflearnerctl"))
        }
        if !skippingStorage {
            checks.append(await attempt("storage class") { try await storageClasses(named: nil, isNeeded: false) })
        }
        return checks
    }

    /// The checks of a rendered plan.
    public func planChecks(_ deployment: RenderedDeployment) async throws -> [PreflightCheck] {
        let plan = deployment.plan
        var checks: [PreflightCheck] = []
        checks.append(await attempt("namespace") { try await namespace(of: plan) })
        checks.append(await attempt("apis") { try await servedAPIs(deployment) })
        checks += await permissions(deployment)
        checks.append(
            await attempt("storage class") {
                let claims = deployment.objects.filter { $0.kind == "PersistentVolumeClaim" }
                let named = claims.compactMap { $0["spec", "storageClassName"]?.string }.first { !$0.isEmpty }
                let isNeeded = claims.contains { $0["spec", "storageClassName"]?.string != "" }
                return try await storageClasses(named: named, isNeeded: isNeeded)
            })
        checks += await secrets(of: plan)
        checks += await training(of: plan)
        checks.append(await attempt("node ports") { try await nodePorts(of: deployment) })
        checks.append(await attempt("ingress class") { try await ingressClass(of: plan) })
        checks.append(await attempt("nodes") { try await nodes(for: deployment) })
        if plan.clusterScoped == .expect { checks += await clusterScopedObjects(of: deployment) }
        return checks
    }

    /// A check whose questions may be forbidden: then nothing is known, which is no failure.
    func attempt(_ name: String, _ check: () async throws -> PreflightCheck) async -> PreflightCheck {
        do {
            return try await check()
        } catch let error as APIError where error.reason == .forbidden {
            return PreflightCheck(name, .skip, "forbidden: \(error.request)")
        } catch let error as any ClusterFailure {
            return PreflightCheck(name, .fail, error.diagnostic.message, remedy: error.diagnostic.hint ?? "")
        } catch {
            return PreflightCheck(name, .fail, "\(error)")
        }
    }
}
