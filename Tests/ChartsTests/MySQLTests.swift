// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@Suite struct `The mysql chart` {
    private func rendering(_ lines: String, minor: Int = 36) throws -> Rendering {
        try Rendering(try Plans.server(lines), minor: minor)
    }

    @Test func `two Services lead to one pod`() throws {
        let rendering = try Rendering.of("server")
        let mysql = try #require(rendering("StatefulSet", "mysql"))
        #expect(mysql["spec", "serviceName"] == "mysql-headless")
        #expect(mysql["spec", "replicas"] == 1)
        #expect(rendering("Service", "mysql-headless")?["spec", "clusterIP"] == "None")
        #expect(rendering("Service", "mysql")?["spec", "type"] == "ClusterIP")
        #expect(rendering("Service", "mysql")?["spec", "ports"]?[0]?["nodePort"] == nil)
    }

    @Test func `data lies in a claim of the cluster's default class`() throws {
        let rendering = try Rendering.of("server")
        let claim = try #require(rendering("PersistentVolumeClaim", "mysql-data"))
        #expect(claim["spec"] == ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "10Gi"]]])
        #expect(claim.annotations["helm.sh/resource-policy"] == "keep")
        #expect(rendering.of(kind: "PersistentVolume").isEmpty)
    }

    @Test func `data lies in a claim of a named class`() throws {
        let claim = try rendering("mysql: {storageClass: fast, size: 20Gi}\n")("PersistentVolumeClaim", "mysql-data")
        #expect(claim?["spec", "storageClassName"] == "fast")
        #expect(claim?["spec", "resources", "requests", "storage"] == "20Gi")
    }

    @Test(arguments: ["hostPath: /data, hostPathNode: node-1", "nfs: {server: 10.0.0.1, path: /data}"])
    func `an inline volume and its claim bind each other alone`(_ lines: String) throws {
        let rendering = try rendering("mysql: {\(lines)}\n")
        let volume = try #require(rendering.of(kind: "PersistentVolume").first)
        let claim = try #require(rendering("PersistentVolumeClaim", "mysql-data"))
        #expect(volume.namespace == nil)
        #expect(volume.name == "iflearner-lungnet-mysql-data")
        #expect(claim["spec", "volumeName"] == .string(volume.name))
        #expect(claim["spec", "storageClassName"] == "")
        #expect(volume["spec", "storageClassName"] == "")
        #expect(volume["spec", "claimRef"] == ["namespace": "iflearner", "name": "mysql-data"])
        #expect(volume["spec", "persistentVolumeReclaimPolicy"] == "Retain")
        #expect((volume["spec", "hostPath", "path"] ?? volume["spec", "nfs", "path"]) == "/data")
        if let affinity = volume["spec", "nodeAffinity"] { #expect(affinity.texts.contains("node-1")) }
    }

    @Test func `without persistence data goes with its pod`() throws {
        let rendering = try Rendering.of("no-persistence")
        #expect(rendering.of(kind: "PersistentVolumeClaim").isEmpty)
        let volumes = rendering("StatefulSet", "mysql")?.podSpec?["volumes"]?.array
        #expect(volumes?.first == ["name": "data", "emptyDir": [:]])
    }

    @Test func `a claim and a Secret of one's own are used`() throws {
        let rendering = try Rendering.of("existing-claim-and-secret")
        #expect(rendering.of(kind: "PersistentVolumeClaim").isEmpty)
        #expect(rendering("Secret", "mysql-auth") == nil)
        let texts = rendering("StatefulSet", "mysql")?.podSpec?.texts ?? []
        #expect(texts.contains("old-data") && texts.contains("my-mysql"))
    }

    @Test func `an external database leaves nothing to run`() throws {
        let rendering = try Rendering.of("external-database")
        #expect(rendering.objects.allSatisfy { $0.component != "mysql" })
    }

    @Test(arguments: [
        ("5.7.44", [String](), ["default_authentication_plugin", "mysql_native_password", "skip-log-bin"]),
        (
            "8.0.46", ["default_authentication_plugin=mysql_native_password", "skip-log-bin"],
            ["mysql_native_password=ON"]
        ),
        ("8.4.10", ["mysql_native_password=ON", "skip-log-bin"], ["default_authentication_plugin"]),
        ("8", ["mysql_native_password=ON"], ["default_authentication_plugin"]),
        ("8.0-debian", ["default_authentication_plugin=mysql_native_password"], ["=ON"]),
    ]) func `the server gets the options it understands`(_ tag: String, _ present: [String], _ absent: [String]) throws
    {
        let map = try #require(try rendering("mysql: {imageTag: \"\(tag)\"}\n")("ConfigMap", "mysql"))
        let options = try #require(map["data", "iflearner.cnf"]?.string)
        let lines = options.split(separator: "\n").map(String.init)
        #expect(lines.first == "[mysqld]")
        for line in present { #expect(lines.contains(line)) }
        for part in absent { #expect(!options.contains(part)) }
        // What stopped 8.x with upstream's file.
        for part in ["NO_AUTO_CREATE_USER", "skip-host-cache"] { #expect(!options.contains(part)) }
    }

    @Test(arguments: ["9.1.0", "9", "5.6.51"]) func `a server that cannot work is refused`(_ tag: String) throws {
        #expect(throws: (any Error).self) { try rendering("mysql: {imageTag: \"\(tag)\"}\n") }
    }

    @Test func `a version that YAML takes for a number is refused`() throws {
        let plan = try Plans.server("mysql: {values: {version: 8.0}}\n")
        let failure = #expect(throws: (any Error).self) { try Rendering(plan) }
        #expect("\(try #require(failure))".contains("at '/version': got number, want string"))
    }

    @Test func `a digest needs the version beside it`() throws {
        let digest = "sha256:" + String(repeating: "a", count: 64)
        let lines = "mysql: {image: \"hub.example:5000/mysql@\(digest)\", values: {version: 8.4.10}}\n"
        let map = try rendering(lines)("ConfigMap", "mysql")
        #expect(map?["data", "iflearner.cnf"]?.string?.contains("mysql_native_password=ON") == true)
    }

    @Test func `the account is made with the plugin that the flow images know`() throws {
        let script = try #require(try Rendering.of("server")("ConfigMap", "mysql")?["data", "accounts.sh"]?.string)
        #expect(script.contains("IDENTIFIED WITH mysql_native_password"))
        #expect(!script.contains("GRANT ALL"))
        let texts = try Rendering.of("server")("StatefulSet", "mysql")?.podSpec?.texts ?? []
        #expect(texts.contains("/docker-entrypoint-initdb.d"))
        #expect(texts.contains("flow_server"))
        #expect(try Rendering.of("federate")("StatefulSet", "mysql")?.podSpec?.texts.contains("flow_federate") == true)
    }

    @Test(arguments: [
        (18, "batch/v1beta1"), (20, "batch/v1beta1"), (21, "batch/v1"), (25, "batch/v1"), (37, "batch/v1"),
    ])
    func `dumps are made by the CronJob that is served`(_ minor: Int, _ version: String) throws {
        let job = try rendering("mysql: {backup: {enabled: true}}\n", minor: minor)("CronJob", "mysql-backup")
        #expect(job?["apiVersion"] == .string(version))
    }

    @Test func `a dump before an upgrade is a hook of upgrades`() throws {
        let hooks = try rendering("mysql: {backup: {enabled: true, beforeUpgrade: true}}\n").hooks
        #expect(hooks.map(\.name) == ["mysql-backup-before-upgrade"])
        #expect(hooks.first?.annotations["helm.sh/hook"] == "pre-upgrade")
        #expect(try rendering("mysql: {backup: {enabled: true}}\n").hooks.isEmpty)
    }

    @Test func `passwords are asked for`() throws {
        let failure = #expect(throws: (any Error).self) { try Rendering(values: [:]) }
        #expect("\(try #require(failure))".contains("is empty: give one, or name a Secret"))
    }
}
