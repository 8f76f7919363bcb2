extension DiagnosticCatalogue {
  /// What does not fit together within a workload.
  static let rules: [DiagnosticCode: DiagnosticEntry] = [
    .noMain: DiagnosticEntry(
      title: "No service is main",
      explanation: """
        Exactly one service of a workload does its work; the others run beside it or before it. A \
        service without a `role` is main.
        """,
      wrong: """
        name: shop
        services: [{name: api, role: sidecar, command: [/bin/api]}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api]}]
        """),
    .severalMains: DiagnosticEntry(
      title: "Several services are main",
      explanation: """
        Exactly one service of a workload does its work. A service without a `role` is main, so the \
        others must say that they are a `sidecar` or an `init`; or they are workloads of their own.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: logs, command: [/bin/logs]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: logs, role: sidecar, command: [/bin/logs]}
        """),
    .duplicateService: DiagnosticEntry(
      title: "Two services have one name",
      explanation: """
        A service is known by its name within its workload.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: api, role: sidecar, command: [/bin/logs]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: logs, role: sidecar, command: [/bin/logs]}
        """),
    .unknownDependency: DiagnosticEntry(
      title: "A service depends on one that does not exist",
      explanation: """
        `dependsOn` names services of the same workload.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], dependsOn: [porxy]}
          - {name: proxy, role: sidecar, command: [/bin/proxy]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], dependsOn: [proxy]}
          - {name: proxy, role: sidecar, command: [/bin/proxy]}
        """),
    .dependencyCycle: DiagnosticEntry(
      title: "Services wait for each other",
      explanation: """
        A service starts when those that it depends on are ready. Services that wait for each other \
        would wait for ever. A sidecar starts after main by itself, so that it need not say so; one \
        that main depends on starts before it.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], dependsOn: [proxy]}
          - {name: proxy, role: sidecar, command: [/bin/proxy], dependsOn: [api]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], dependsOn: [proxy]}
          - {name: proxy, role: sidecar, command: [/bin/proxy]}
        """),
    .initDependency: DiagnosticEntry(
      title: "An init depends on a service that starts after it",
      explanation: """
        Inits run to success before anything else starts, so they can wait for other inits only.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: migrate, role: init, command: [/bin/migrate], dependsOn: [api]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: migrate, role: init, command: [/bin/migrate]}
        """),
    .nothingToRun: DiagnosticEntry(
      title: "A service has nothing to run",
      explanation: """
        A service runs an image, a command, or a command in an image.
        """,
      wrong: """
        name: shop
        services: [{name: api, args: [--fast]}]
        """,
      right: """
        name: shop
        services: [{name: api, image: "shop/api:1.4", args: [--fast]}]
        """),
    .duplicateWorkload: DiagnosticEntry(
      title: "Two workloads have one name",
      explanation: """
        Within one `-f` a name stands for one workload. A later `-f` is merged over the earlier \
        ones, which is how environments differ.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api]}]
        ---
        name: shop
        services: [{name: api, command: [/bin/api, --fast]}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api]}]
        ---
        name: shop-fast
        services: [{name: api, command: [/bin/api, --fast]}]
        """),
    .healthCheckKind: DiagnosticEntry(
      title: "A health check is not of one kind",
      explanation: """
        A health check is an HTTP request (`path` and `port`), a TCP connection (`port` alone) or a \
        `command`.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], healthCheck: {path: /healthz}}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], healthCheck: {path: /healthz, port: 8080}}]
        """),
    .healthCheckPort: DiagnosticEntry(
      title: "A health check asks a port that the service does not list",
      explanation: """
        The service lists its ports, and the one that the health check asks is not among its TCP \
        ports. That is nearly always a typing error; if it is meant, list the port too. A \
        service that lists no ports may be asked at any.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], ports: [{container: 8080}], healthCheck: {port: 8008}}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], ports: [{container: 8080}], healthCheck: {port: 8080}}]
        """),
    .hostPortClash: DiagnosticEntry(
      title: "Two ports of the workload pin one port of the host",
      explanation: """
        Only one process of a host can listen on a port. Without `host`, each gets a free one.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], ports: [{container: 80, host: 8080}]}
          - {name: logs, role: sidecar, command: [/bin/logs], ports: [{container: 81, host: 8080}]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], ports: [{container: 80, host: 8080}]}
          - {name: logs, role: sidecar, command: [/bin/logs], ports: [{container: 81}]}
        """),
    .mountPathClash: DiagnosticEntry(
      title: "Two volumes, config files or secrets have one path",
      explanation: """
        Volumes, config files and secrets of a service each need a path of their own, and nothing \
        can lie inside of a file.
        """,
      wrong: """
        name: shop
        services:
          - name: api
            command: [/bin/api]
            volumes: [{name: data, mountPath: /data}, {name: cache, mountPath: /data}]
        """,
      right: """
        name: shop
        services:
          - name: api
            command: [/bin/api]
            volumes: [{name: data, mountPath: /data}, {name: cache, mountPath: /cache}]
        """),
    .badStrategy: DiagnosticEntry(
      title: "A strategy allows neither an additional nor a missing instance",
      explanation: """
        A rolling change needs an instance more or an instance less for a while. With both \
        forbidden, nothing could ever be replaced. A canary and a blue-green change run new instances \
        beside old ones, which needs a `maxSurge`, no fixed host port, and another kind than a stateful \
        set.
        """,
      wrong: """
        name: shop
        strategy: {type: rolling, maxSurge: 0, maxUnavailable: 0}
        services: [{name: api, command: [/bin/api]}]
        """,
      right: """
        name: shop
        strategy: {type: rolling, maxSurge: 0, maxUnavailable: 1}
        services: [{name: api, command: [/bin/api]}]
        """),
    .severalBodies: DiagnosticEntry(
      title: "A workload's body does not fit its kind",
      explanation: """
        A document holds one body: `services` in a `deployment` or a `stateful_set`, a `machine` in a \
        `machine_group`, `objects` in an `object_set`. Two bodies are two workloads.
        """,
      wrong: """
        name: workers
        machine: {image: ami-0abc}
        """,
      right: """
        name: workers
        kind: machine_group
        machine: {image: ami-0abc}
        """),
    .secretTarget: DiagnosticEntry(
      title: "The place of a secret does not fit its type",
      explanation: """
        `as` is the name of an environment variable that `env` does not set (type `env`), an \
        absolute path (types `file` and `tls`), or the host of a registry (type `registry`). No file that \
        holds a secret lies in a persistent volume, where it would outlive the service.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], secrets: [{key: shop/token, type: file, as: token}]}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], secrets: [{key: shop/token, type: file, as: /etc/shop/token}]}]
        """),
    .badConfigContent: DiagnosticEntry(
      title: "A config file's content is not of its format",
      explanation: """
        The content of files of format `yaml`, `json` and `env` is read once before anything is \
        applied, because a service that can't read its configuration fails much later. The place in \
        the message is counted within the content.
        """,
      wrong: """
        name: shop
        services:
          - name: api
            command: [/bin/api]
            configFiles: [{name: app, path: /etc/app.json, format: json, content: '{"workers": 4,}'}]
        """,
      right: """
        name: shop
        services:
          - name: api
            command: [/bin/api]
            configFiles: [{name: app, path: /etc/app.json, format: json, content: '{"workers": 4}'}]
        """),
    .beforeDependency: DiagnosticEntry(
      title: "A service that runs once per run depends on a service of the instances",
      explanation: """
        A service of `role: before` runs once per run, to success, before any instance changes: none of the services of \
        an instance may be there yet, or be the ones of this spec. It can wait for other services of `role: before` \
        only. A database that a migration needs is a workload of its own, or the migration is an `init`.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: migrate, role: before, command: [/bin/migrate], dependsOn: [api]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: migrate, role: before, command: [/bin/migrate]}
        """),
    .beforePorts: DiagnosticEntry(
      title: "A service that runs once per run has ports",
      explanation: """
        A service of `role: before` has ended before the instances of the run are made: nothing would ever reach a port \
        of it. A service that listens while the instances run is a `sidecar`.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: migrate, role: before, command: [/bin/migrate], ports: [{container: 80}]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: migrate, role: before, command: [/bin/migrate]}
        """),
    .beforeVolume: DiagnosticEntry(
      title: "A service that runs once per run writes to an instance's volume",
      explanation: """
        A service of `role: before` runs while the instances of before still run. A volume with `access: one` has one \
        writer, and in a stateful set each instance has a volume of its own. `access: many` is for volumes that \
        services are made to share; an `init` runs in the instance, and has its volumes.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], volumes: [{name: data, mountPath: /data, type: persistent}]}
          - {name: migrate, role: before, command: [/bin/migrate], volumes: [{name: data, mountPath: /data, type: persistent}]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], volumes: [{name: data, mountPath: /data, type: persistent}]}
          - {name: migrate, role: init, command: [/bin/migrate], volumes: [{name: data, mountPath: /data, type: persistent}]}
        """),
    .workloadCycle: DiagnosticEntry(
      title: "Workloads wait for each other",
      explanation: """
        A workload is changed after those that its own `dependsOn` names are ready, and those whose addresses it refers \
        to. In a cycle of such dependencies, no workload could be the first. Dependencies count as they will be: \
        as the files state them and, of workloads that the files do not have, as the target's releases do.
        """,
      wrong: """
        name: web
        dependsOn: [web]
        services: [{name: api, command: [/bin/api]}]
        """,
      right: """
        name: web
        dependsOn: [db]
        services: [{name: api, command: [/bin/api]}]
        """),
    .unknownAddress: DiagnosticEntry(
      title: "A text refers to the address of a service or port that does not exist",
      explanation: """
        `${address.SERVICE.PORT}` stands for the host and the port at which a service of the same workload is reached, \
        `${address.WORKLOAD/SERVICE.PORT}` for that of another workload. The service is one of role `main` or `sidecar`, \
        and the port one that its `ports` list for TCP, by its number inside of the instance.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], env: {CACHE: "${address.cache.6379}"}}
          - {name: cache, role: sidecar, command: [/bin/cache]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], env: {CACHE: "${address.cache.6379}"}}
          - {name: cache, role: sidecar, command: [/bin/cache], ports: [{container: 6379}]}
        """),
    .unreachableAddress: DiagnosticEntry(
      title: "A text refers to an address that can't be reached",
      explanation: """
        Two services reach each other in the network of their instance, and services of two workloads in a network that \
        these share. A service with a `network.mode` of its own is in none of them, and a workload with \
        `network: {isolated: true}` shares none.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], env: {CACHE: "${address.cache.6379}"}}
          - {name: cache, role: sidecar, command: [/bin/cache], network: {mode: host}, ports: [{container: 6379}]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], env: {CACHE: "${address.cache.6379}"}}
          - {name: cache, role: sidecar, command: [/bin/cache], ports: [{container: 6379}]}
        """),
    .ambiguousName: DiagnosticEntry(
      title: "A service is called like a workload that its workload refers to",
      explanation: """
        Where names resolve, those of a workload's own services and those of the workloads that it refers to lead to one \
        place each. A name that both have would lead to the one or the other.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], env: {DB: "${address.db/server.5432}"}}
          - {name: db, role: sidecar, command: [/bin/pool]}
        ---
        name: db
        services: [{name: server, command: [/bin/db], ports: [{container: 5432}]}]
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], env: {DB: "${address.db/server.5432}"}}
          - {name: pool, role: sidecar, command: [/bin/pool]}
        ---
        name: db
        services: [{name: server, command: [/bin/db], ports: [{container: 5432}]}]
        """),
    .initHealthCheck: DiagnosticEntry(
      title: "An init has a health check",
      explanation: """
        An init, as well as a service of `role: before`, is ready when it has ended with exit code 0; berth would never \
        ask its health check.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: migrate, role: init, command: [/bin/migrate], healthCheck: {port: 80}}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], healthCheck: {port: 80}}
          - {name: migrate, role: init, command: [/bin/migrate]}
        """),
    .hostPortReplicas: DiagnosticEntry(
      title: "Several instances pin one port of the host",
      explanation: """
        Each instance would listen on the same port of the host. Without `host`, each gets a free \
        one.
        """,
      wrong: """
        name: shop
        replicas: 2
        services: [{name: api, command: [/bin/api], ports: [{container: 80, host: 8080}]}]
        """,
      right: """
        name: shop
        replicas: 2
        services: [{name: api, command: [/bin/api], ports: [{container: 80}]}]
        """),
    .oneWriterReplicas: DiagnosticEntry(
      title: "Several instances would write to one volume",
      explanation: """
        The instances of a deployment share its persistent volumes. Most programs that keep data, databases above all, \
        damage it when two of them write to one folder. So a volume may be written to by one instance at a time, \
        unless it says `access: many`. A stateful set gives each instance a volume of its own. Where the spec leaves the \
        number of instances open, the number that `berth scale` or the last release says counts.
        """,
      wrong: """
        name: shop
        replicas: 2
        services:
          - name: api
            command: [/bin/api]
            volumes: [{name: uploads, mountPath: /uploads, type: persistent}]
        """,
      right: """
        name: shop
        replicas: 2
        services:
          - name: api
            command: [/bin/api]
            volumes: [{name: uploads, mountPath: /uploads, type: persistent, access: many}]
        """),
    .portRange: DiagnosticEntry(
      title: "Port ranges do not fit",
      explanation: """
        A range of ports stands for as many ports. One that is published has as many numbers on the host as inside of the \
        instance, and no two ranges of a service have a port in common.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], ports: [{container: 3000-3005, host: 4000-4002}]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], ports: [{container: 3000-3005, host: 4000-4005}]}
        """),
    .volumeField: DiagnosticEntry(
      title: "A field does not go with the type of the volume",
      explanation: """
        A bind needs a `source`, the path on the machine. `mode` is of a volume in memory, `driver` of those that berth \
        makes, `size` of those whose size can be chosen.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], volumes: [{name: media, mountPath: /media, type: bind}]}
        """,
      right: """
        name: shop
        services:
          - name: api
            command: [/bin/api]
            volumes: [{name: media, mountPath: /media, type: bind, source: /srv/media}]
        """),
    .networkField: DiagnosticEntry(
      title: "A field does not go with the network of the service",
      explanation: """
        A service with `mode: host` has the machine's own network: its ports are the machine's already, and it has no \
        names and no further networks there. One with `mode: none` has neither.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], ports: [{container: 80}], network: {mode: none}}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], network: {mode: none}}
        """),
    .configFolder: DiagnosticEntry(
      title: "A folder can't be taken as config files",
      explanation: """
        Each file of the folder, and of the folders in it, becomes a config file with its permissions. So there must be \
        at least one, and nothing else than files and folders: no links, no sockets, no names that are not valid UTF-8. \
        Data belongs into a volume.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], configFiles: [{name: site, path: /etc/site, folder: absent}]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], configFiles: [{name: site, path: /etc/site, content: "level: info"}]}
        """),
    .restartLimit: DiagnosticEntry(
      title: "Nothing counts how often the service is started again",
      explanation: """
        `maxRestarts` ends what `restart: on-failure` does: after so many starts, a process that fails stays ended. With \
        `always` there is no end, with `never` no start, and what runs once, an init or a service of `role: before`, is \
        never started again.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], maxRestarts: 5}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], restart: on-failure, maxRestarts: 5}]
        """),
    .machineCheck: DiagnosticEntry(
      title: "The health check is of a group of machines",
      explanation: """
        At the top of a document stands the health check of a group of machines: each machine is asked over the network, by \
        HTTP, TCP or gRPC. Of services, each has a `healthCheck` of its own, which may also be a command.
        """,
      wrong: """
        name: shop
        healthCheck: {path: /healthz, port: 8080}
        services: [{name: api, command: [/bin/api]}]
        """,
      right: """
        name: shop
        kind: machine_group
        machine: {image: ami-0abc}
        healthCheck: {path: /healthz, port: 8080}
        """),
    .ephemeralAccess: DiagnosticEntry(
      title: "An ephemeral volume is not shared",
      explanation: """
        `access` says how many instances may write to a volume that outlives them. One that is ephemeral or in memory \
        belongs to its instance, and goes with it.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], volumes: [{name: cache, mountPath: /cache, access: many}]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], volumes: [{name: cache, mountPath: /cache}]}
        """),
    .volumeMismatch: DiagnosticEntry(
      title: "One volume is stated in two ways",
      explanation: """
        Services that use one name for a volume see one volume, so its type, its size and its access must be the \
        same in all of them.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], volumes: [{name: data, mountPath: /data, type: persistent}]}
          - {name: backup, role: sidecar, command: [/bin/backup], volumes: [{name: data, mountPath: /data}]}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], volumes: [{name: data, mountPath: /data, type: persistent}]}
          - {name: backup, role: sidecar, command: [/bin/backup], volumes: [{name: data, mountPath: /data, type: persistent}]}
        """),
    .configFileSource: DiagnosticEntry(
      title: "A config file has two contents",
      explanation: """
        The content of a config file stands in the spec, under `content`, or in a file beside it, which \
        `file` names. A later layer that gives the one must take the other away: `file: null`.
        """,
      wrong: """
        name: shop
        services:
          - name: api
            command: [/bin/api]
            configFiles: [{name: app, path: /etc/app.conf, content: "workers = 4", file: app.conf}]
        """,
      right: """
        name: shop
        services:
          - name: api
            command: [/bin/api]
            configFiles: [{name: app, path: /etc/app.conf, content: "workers = 4"}]
        """),
    .floatingTag: DiagnosticEntry(
      title: "An image's tag can mean another image tomorrow",
      explanation: """
        Without a tag, or with `latest`, the same spec can run different programs, and going back to \
        a release does not bring its image back. Name a version, or a digest.
        """,
      wrong: """
        name: shop
        services: [{name: api, image: "shop/api:latest"}]
        """,
      right: """
        name: shop
        services: [{name: api, image: "shop/api:1.4.2"}]
        """),
  ]
}
