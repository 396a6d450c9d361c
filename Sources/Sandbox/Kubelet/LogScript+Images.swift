// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension LogScript {
    /// The script of an image: that of the component it holds, else a general one.
    init(image: String, container: String) {
        let known: [(marker: String, script: LogScript)] = [
            ("mysql", .mysql), ("flow-server", .flowServer), ("flow-federate", .flowFederate),
            ("ingress-nginx", .ingressController), ("nginx", .nginx), ("operator", .jobOperator),
            ("iflearnerctl", .jobOperator), ("iflearner", .training),
        ]
        self = known.first { image.contains($0.marker) }?.script ?? .general(container)
    }

    private static func opening(_ lines: (milliseconds: Int64, text: String)...) -> [Step] {
        lines.map { Step(after: .milliseconds($0.milliseconds), text: $0.text) }
    }

    private static let mysql = LogScript(
        opening: opening(
            (10, "{time} [Note] [Entrypoint]: Entrypoint script for MySQL Server 8.0 started."),
            (40, "{time} [Note] [Entrypoint]: Switching to dedicated user 'mysql'"),
            (
                90,
                "{time} 0 [System] [MY-010116] [Server] /usr/sbin/mysqld (mysqld 8.0) starting as process 1"
            ),
            (150, "{time} 1 [System] [MY-013576] [InnoDB] InnoDB initialization has started."),
            (400, "{time} 1 [System] [MY-013577] [InnoDB] InnoDB initialization has ended."),
            (
                520,
                "{time} 0 [System] [MY-011323] [Server] X Plugin ready for connections. Bind-address: '::' port: 33060"
            ),
            (
                530,
                "{time} 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.0'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL."
            )), pulse: nil,
        failure: [
            "{time} 1 [ERROR] [MY-012574] [InnoDB] Unable to lock ./ibdata1 error: 11",
            "{time} 0 [ERROR] [MY-010119] [Server] Aborting",
            "{time} 0 [System] [MY-010910] [Server] /usr/sbin/mysqld: Shutdown complete (mysqld 8.0)  MySQL Community Server - GPL.",
        ])

    private static let databaseFailure = [
        "Traceback (most recent call last):", "  File \"app.py\", line 12, in <module>",
        "pymysql.err.OperationalError: (2003, \"Can't connect to MySQL server ([Errno 111] Connection refused)\")",
    ]

    private static let flowServer = LogScript(
        opening: opening(
            (60, "{time} - INFO - load config from FLOW_SERVER_CONF_PATH"),
            (120, "{time} - INFO - connect database: ok"), (200, "(1) wsgi starting up on http://0.0.0.0:1235")),
        pulse: Step(after: .seconds(25), text: "{time} - INFO - registered federates: alive, check {n}"),
        failure: databaseFailure)

    private static let flowFederate = LogScript(
        opening: opening(
            (60, "{time} - INFO - load config from FLOW_FEDERATE_CONF_PATH"),
            (150, "{time} - INFO - connect to flow-server: namespace /iflearner-flow"),
            (220, "{time} - INFO - registered"), (260, " * Running on http://0.0.0.0:1236/ (Press CTRL+C to quit)")),
        pulse: Step(after: .seconds(25), text: "{time} - INFO - heartbeat {n} acknowledged"),
        failure: ["socketio.exceptions.ConnectionError: Connection refused by the server"])

    private static let nginx = LogScript(
        opening: opening(
            (10, "/docker-entrypoint.sh: Configuration complete; ready for start up"),
            (30, "{time} [notice] 1#1: nginx/1.27"), (31, "{time} [notice] 1#1: start worker processes")), pulse: nil,
        failure: ["nginx: [emerg] host not found in upstream \"backend\" in /etc/nginx/conf.d/default.conf:3"])

    private static let ingressController = LogScript(
        opening: opening(
            (10, "NGINX Ingress controller"), (60, "{time} main.go \"Creating API client\""),
            (140, "{time} nginx.go \"Starting NGINX Ingress controller\""),
            (300, "{time} controller.go \"Configuration changes detected, backend reload required\""),
            (420, "{time} controller.go \"Backend successfully reloaded\"")), pulse: nil,
        failure: ["{time} main.go \"Unexpected failure\" err=\"no object matching key\""])

    private static let jobOperator = LogScript(
        opening: opening(
            (20, "{time} INFO starting the IflearnerJob controller"), (80, "{time} INFO watching IflearnerJobs"),
            (160, "{time} INFO leader elected")), pulse: nil,
        failure: ["{time} ERROR cannot list IflearnerJobs: forbidden"])

    private static let training = LogScript(
        opening: opening(
            (50, "{time} | INFO | start training"), (90, "{time} | INFO | wait for clients"),
            (400, "{time} | INFO | all clients are ready")),
        pulse: Step(after: .seconds(5), text: "{time} | INFO | epoch {n} done"),
        failure: ["RuntimeError: aggregation failed: client left"])

    private static func general(_ container: String) -> LogScript {
        LogScript(
            opening: opening((10, "{time} \(container): starting"), (100, "{time} \(container): ready")), pulse: nil,
            failure: ["{time} \(container): fatal error, exiting"])
    }
}
