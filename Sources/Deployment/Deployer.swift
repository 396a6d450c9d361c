// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import ConfigModel
import Crypto
public import Processes
public import Records
public import Rollout
import Templating
import Values
import YAMLText

/// Composes plan, chart and rollout: what the commands that change a cluster call.
public struct Deployer: Sendable {
    /// The client.
    public let client: ClusterClient
    /// The clocks.
    public let time: TimeSource
    /// Every duration.
    public let timing: Timing
    /// The rollout of this deployer, whose events go where its maker said.
    public let rollout: Rollout

    /// Makes a deployer.
    ///
    /// - Parameters:
    ///   - client: speaks to the cluster.
    ///   - time: the clocks.
    ///   - timing: every duration.
    ///   - creator: who starts jobs, as in `admin@lab`.
    ///   - events: hears of everything that happens.
    public init(
        client: ClusterClient, time: TimeSource, timing: Timing, creator: String,
        events: @escaping @Sendable (EventLine) -> Void
    ) {
        self.client = client
        self.time = time
        self.timing = timing
        rollout = Rollout(
            RolloutContext(
                client: client, time: time, timing: timing, makeID: SecureRandom.uuid, process: .current,
                toolVersion: ToolVersion.current, creator: creator, events: events))
    }

    // MARK: Planning

    /// Renders a plan for the cluster: API versions by discovery, secrets as they are there or new.
    public func render(_ plan: ClusterPlan, file: String) async throws -> RenderedDeployment {
        async let version = client.version()
        async let catalog = client.discovery.catalog()
        async let secrets = SecretValues(for: plan, client: client, time: time)
        let renderer = PlanRenderer(catalog: try await catalog, version: try await version)
        return try renderer.render(plan, file: file, secrets: try await secrets)
    }

    /// Refuses a plan whose prerequisites are missing, before anything is written.
    ///
    /// - Throws: `DeploymentError` with exit code 4.
    public func checkPrerequisites(of deployment: RenderedDeployment) async throws {
        let preflight = Preflight(client: client, time: time)
        var failed = await preflight.secrets(of: deployment.plan).filter { $0.verdict == .fail }
        // Two that are always there are not asked for.
        if ![deployment.plan.namespace, "default"].contains(deployment.plan.jobsNamespace) {
            failed += [
                await preflight.attempt("jobs namespace") { try await preflight.jobsNamespace(of: deployment.plan) }
            ].filter { $0.verdict == .fail }
        }
        if deployment.plan.clusterScoped == .expect {
            failed += await preflight.clusterScopedObjects(of: deployment).filter { $0.verdict == .fail }
        }
        guard let first = failed.first else { return }
        throw DeploymentError(
            .preflight, failed.map(\.message).joined(separator: "; "), hint: first.remedy)
    }

    /// What a rollout is asked for.
    public func request(for deployment: RenderedDeployment, options: RolloutOptions) -> RolloutRequest {
        let plan = deployment.plan
        var options = options
        options.createsNamespace = plan.clusterScoped == .create
        return RolloutRequest(
            deployment: plan.name, namespace: plan.namespace, components: deployment.components,
            chartName: plan.chartName, chartVersion: plan.chartVersion,
            plan: plan.maskedValue.yamlString(keys: .given), planDigest: Digest.sha256.hex(plan.value.json(.canonical)),
            options: options)
    }

    /// The rendered definitions of a job's revision; none for a removal.
    public func definitions(ofJob job: JobRecord) async throws -> [KubernetesObject] {
        guard let number = job.revision else { return [] }
        return try await definitions(
            of: try await rollout.records(of: job.deployment, in: job.namespace).revision(number))
    }

    /// The rendered definitions of a stored revision, which keeps their digests only: made again from its plan.
    ///
    /// A plan that this version cannot read any more gives none: the definitions in the cluster are used as they are.
    func definitions(of revision: Revision) async throws -> [KubernetesObject] {
        let renderer = PlanRenderer(catalog: try await client.discovery.catalog(), version: try await client.version())
        do {
            let plan = try PlanSource(Array(revision.plan.utf8), file: "the stored plan").plan()
            return try renderer.renderOffline(plan, file: "").objects.filter { $0.kind == "CustomResourceDefinition" }
        } catch is PlanError {
            return []
        } catch is RenderError {
            return []
        } catch is ChartError {
            return []
        }
    }
}
