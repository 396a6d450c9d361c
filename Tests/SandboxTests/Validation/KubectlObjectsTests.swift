// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Sandbox
import Testing

/// Objects of many kinds as unmodified kubectls send them, typed in protobuf and from files in JSON.
@Suite(.enabled(if: !Kubectl.available.isEmpty, "no kubectl on this machine"))
struct KubectlObjectsTests {
    private static let manifests = """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: robot}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: key}
        stringData: {password: secret}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1024Mi}}}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          serviceName: db
          replicas: 1
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}, annotations: {checksum: abc}}
            spec:
              serviceAccountName: robot
              hostNetwork: false
              containers:
              - name: db
                image: mysql:8.0
                env:
                - {name: PASSWORD, valueFrom: {secretKeyRef: {name: key, key: password}}}
                - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                ports: [{name: mysql, containerPort: 3306}]
                resources: {limits: {memory: 1024Mi, cpu: 1000m}, requests: {memory: 0.5Gi, cpu: 0.1}}
                readinessProbe: {exec: {command: [ls]}, periodSeconds: 5}
                livenessProbe: {tcpSocket: {port: mysql}}
                securityContext: {runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}
                volumeMounts: [{name: data, mountPath: /var/lib/mysql}, {name: conf, mountPath: /etc/x, readOnly: true}]
              volumes:
              - {name: data, persistentVolumeClaim: {claimName: data}}
              - {name: conf, secret: {secretName: key, items: [{key: password, path: p}]}}
              tolerations: [{key: a, operator: Exists}]
              affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}}}]}}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          selector: {matchLabels: {app: agent}}
          template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: a, image: agent}]}}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: nightly}
        spec:
          schedule: "0 3 * * *"
          suspend: true
          jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: a, image: a:1}]}}}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: front}
        spec: {type: NodePort, selector: {app: db}, ports: [{name: a, port: 80, targetPort: mysql}, {name: b, port: 81, nodePort: 30031}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: front}
        spec:
          ingressClassName: nginx
          rules:
          - host: a.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: front, port: {name: a}}}}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: only}
        spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {a: b}}}], ports: [{port: 80}]}]}
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: db}
        spec: {maxUnavailable: 1, selector: {matchLabels: {app: db}}}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: db}
        spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: db}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: robots}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
        subjects: [{kind: ServiceAccount, name: robot, namespace: default}, {kind: Group, name: g, apiGroup: rbac.authorization.k8s.io}]
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: hooks}
        webhooks:
        - name: a.example.com
          sideEffects: None
          admissionReviewVersions: [v1]
          clientConfig: {service: {name: front, namespace: default, path: /x}}
          rules: [{apiGroups: [networking.k8s.io], apiVersions: [v1], operations: [CREATE], resources: [ingresses]}]
        ---
        apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata: {name: high}
        value: 1000
        """

    private func succeed(
        _ output: Kubectl.Output, _ texts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(output.status.isSuccess, "\(output.text)", sourceLocation: sourceLocation)
        for text in texts { #expect(output.text.contains(text), "\(output.text)", sourceLocation: sourceLocation) }
    }

    private func withKubectl(_ executable: String, _ test: (Kubectl) async throws -> Void) async throws {
        try await withSandbox(.fast) { server, _ in
            let kubectl = try Kubectl(executable, server)
            do { try await test(kubectl) } catch {
                try await kubectl.remove()
                throw error
            }
            try await kubectl.remove()
        }
    }

    @Test(arguments: Kubectl.available)
    func `what was applied does not differ from what is there`(executable: String) async throws {
        try await withKubectl(executable) { kubectl in
            // Older clients know older versions of some kinds.
            let file = try kubectl.write("all.yaml", Self.manifests)
            succeed(try await kubectl.run("apply", "-f", file), "statefulset.apps/db created")
            succeed(try await kubectl.run("diff", "-f", file))
            // Where nothing that the server fills in hides in an atomic list, a second apply sends nothing.
            let again = try await kubectl.run("apply", "-f", file)
            for name in [
                "serviceaccount/robot", "daemonset.apps/agent", "service/front", "ingress.networking.k8s.io/front",
            ] {
                succeed(again, "\(name) unchanged")
            }
        }
    }

    @Test(arguments: Kubectl.available)
    func `applied on the server's side twice changes nothing`(executable: String) async throws {
        try await withKubectl(executable) { kubectl in
            let file = try kubectl.write("all.yaml", Self.manifests)
            succeed(
                try await kubectl.run("apply", "--server-side", "-f", file), "statefulset.apps/db serverside-applied")
            let names = ["pvc/data", "svc/front", "ing/front", "netpol/only", "pdb/db", "clusterrolebinding/robots"]
            func revisions() async throws -> String {
                try await kubectl.run(
                    "get", names[0], names[1], names[2], names[3], names[4], names[5], "-o",
                    "jsonpath={.items[*].metadata.generation}"
                ).text
            }
            let before = try await revisions()
            succeed(try await kubectl.run("diff", "--server-side", "-f", file))
            succeed(try await kubectl.run("apply", "--server-side", "-f", file))
            #expect(try await revisions() == before)
        }
    }

    @Test(arguments: Kubectl.available)
    func `every create command makes its object`(executable: String) async throws {
        let commands: [[String]] = [
            ["service", "clusterip", "a", "--tcp=80:8080"], ["service", "nodeport", "b", "--tcp=80"],
            ["service", "loadbalancer", "c", "--tcp=80"],
            ["service", "externalname", "d", "--external-name=x.example.com"],
            ["role", "r", "--verb=get,list", "--resource=pods"],
            ["clusterrole", "cr", "--verb=get", "--resource=nodes"],
            ["rolebinding", "rb", "--role=r", "--serviceaccount=default:default", "--user=u", "--group=g"],
            ["clusterrolebinding", "crb", "--clusterrole=cr", "--user=u"],
            ["poddisruptionbudget", "p", "--selector=a=b", "--min-available=1"],
            ["ingress", "i", "--rule=a.example.com/x*=svc:80"], ["job", "j", "--image=busybox:1"],
            ["cronjob", "cj", "--image=busybox:1", "--schedule=* * * * *"], ["quota", "q", "--hard=secrets=9"],
            ["priorityclass", "pc", "--value=10"],
            ["deployment", "dep", "--image=nginx:1", "--port=80", "--replicas=2"],
            ["secret", "docker-registry", "reg", "--docker-server=r", "--docker-username=u", "--docker-password=p"],
        ]
        try await withKubectl(executable) { kubectl in
            let version = try await kubectl.run("version", "--client")
            let isOld = version.text.contains("v1.20")
            for command in commands {
                // The commands of 1.20 for these speak versions that no server of today has.
                if isOld, ["poddisruptionbudget", "cronjob", "priorityclass", "ingress"].contains(command[0]) {
                    continue
                }
                var arguments = command
                while arguments.count < 6 { arguments.append("--validate=true") }
                let output = try await kubectl.run(
                    "create", arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5])
                succeed(output, "created")
            }
            // 1.20 speaks autoscaling/v1, which the sandbox does not serve.
            if !isOld {
                succeed(
                    try await kubectl.run("autoscale", "deployment", "dep", "--max=5", "--cpu-percent=50"), "autoscaled"
                )
            }
            succeed(
                try await kubectl.run("get", "svc", "a", "-o", "jsonpath={.spec.ports[0].targetPort} {.spec.type}"),
                "8080 ClusterIP")
            succeed(try await kubectl.run("get", "quota", "q", "-o", "jsonpath={.spec.hard.secrets}"), "9")
            succeed(
                try await kubectl.run("get", "rolebinding", "rb", "-o", "jsonpath={.subjects[*].kind}"),
                "ServiceAccount")
            succeed(try await kubectl.run("run", "pod", "--image=nginx:1", "--env=A=B", "--labels=x=y"), "created")
            succeed(
                try await kubectl.run("get", "pod", "pod", "-o", "jsonpath={.spec.containers[0].env[0].value}"), "B")
        }
    }
}
