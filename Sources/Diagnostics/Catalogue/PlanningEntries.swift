extension DiagnosticCatalogue {
  /// What keeps a plan from being made.
  static let planning: [DiagnosticCode: DiagnosticEntry] = [
    .missingCapability: DiagnosticEntry(
      title: "The target can't do what the spec needs",
      explanation: """
        The spec uses something that the target's provider does not offer. `berth providers` lists \
        what each one can do.
        """,
      wrong: "resources: {gpu: 1} # on a target without graphics processors",
      right: """
        resources: {gpu: 1} # on a target whose provider lists the capability `gpu`
        """),
    .foreignObject: DiagnosticEntry(
      title: "Something that berth did not create is in the way",
      explanation: """
        An object without berth's stamp has the name that berth would use. berth never touches it unasked: \
        `--adopt` takes a container over; or remove or rename it, or give the workload another name.
        """,
      wrong: "docker run --name default_shop_0_api …, then berth apply",
      right: "berth apply --adopt, or docker rm -f default_shop_0_api, then berth apply"),
    .kindChanged: DiagnosticEntry(
      title: "The kind of a workload can't change",
      explanation: """
        Instances of a stateful set have names and storage of their own, those of a deployment share \
        theirs. There is no way from one to the other that would keep the data: destroy the workload \
        and apply it anew, or apply it under another name.
        """,
      wrong: "kind: stateful_set # where the last release was a deployment",
      right: """
        name: shop-db
        kind: stateful_set
        """),
    .volumeShrunk: DiagnosticEntry(
      title: "A volume can't shrink",
      explanation: """
        What is stored might not fit any more. Make a volume with a new name and move the data, if \
        it must be smaller.
        """,
      wrong: """
        volumes: [{name: data, mountPath: /data, size: 1Gi}] # where it has 10Gi
        """,
      right: "volumes: [{name: data, mountPath: /data, size: 10Gi}]"),
    .observationIncomplete: DiagnosticEntry(
      title: "The observation of the engine is incomplete",
      explanation: """
        A part of the live state could not be read from the engine. It must not be taken for absent, so berth \
        plans nothing. The message says what is missing; try again when the engine answers.
        """,
      wrong: "berth plan while the engine restarts",
      right: "berth plan when `berth providers` shows the engine as healthy"),
    .noRelease: DiagnosticEntry(
      title: "There is no release yet",
      explanation: """
        The command needs a release of the workload on this target, and nothing was applied there, \
        or only in another namespace.
        """,
      wrong: "berth rollback shop # before the first apply",
      right: "berth apply -f shop.yaml"),
    .unknownService: DiagnosticEntry(
      title: "There is no such service",
      explanation: """
        The named service is neither in the spec nor in the last release.
        """,
      wrong: "berth apply -f shop.yaml --service aip",
      right: "berth apply -f shop.yaml --service api"),
    .providerRefuses: DiagnosticEntry(
      title: "The provider can't run this workload",
      explanation: """
        The engine has a limit that the language does not know of. The message says what it is.
        """,
      wrong: """
        image: shop/api:1.4 # alone, on the local provider, which runs commands
        """,
      right: "command: [/usr/bin/shop-api]"),
    .portTaken: DiagnosticEntry(
      title: "A port of the host is taken",
      explanation: """
        Something else listens on the port already. It is checked before anything starts, so that \
        nothing is stopped in vain.
        """,
      wrong: """
        ports: [{container: 80, host: 8080}] # while another program listens on 8080
        """,
      right: "ports: [{container: 80}] # a free port is assigned"),
    .imageVolume: DiagnosticEntry(
      title: "An image declares a volume that the spec does not name",
      explanation: """
        With `VOLUME`, an image says that it keeps data at a path. Where the spec names no volume there, berth makes one \
        for each instance, and carries it over when the container is replaced; such an instance is changed where it is, so \
        that two never write to it. It stays when the workload is destroyed, unless `--volumes` is given. Once the spec \
        names a volume at that path, it takes over what is there.
        """,
      wrong: "image: postgres:16 # which declares /var/lib/postgresql/data",
      right: """
        image: postgres:16
        volumes: [{name: data, mountPath: /var/lib/postgresql/data, type: persistent}]
        """),
    .imageVolumeNamed: DiagnosticEntry(
      title: "A volume takes over the data of an image's volume",
      explanation: """
        The spec names a volume at a path that the image of the service declares, and berth has kept something there until \
        now. It is what the volume holds from then on: nothing is copied and nothing is lost.
        """,
      wrong: "image: postgres:16 # with data that berth has kept",
      right: "volumes: [{name: data, mountPath: /var/lib/postgresql/data, type: persistent}]"),
    .imageVolumeLeft: DiagnosticEntry(
      title: "A volume starts empty, beside the data of images' volumes",
      explanation: """
        The spec names one volume for all instances at a path where each of them has kept something of its own. Nothing says \
        which of it the volume should hold, so it starts empty, and the others are kept, detached.
        """,
      wrong: "kind: deployment # with 3 replicas that each have data of their own",
      right: "kind: stateful_set # has a volume for each instance"),
    .workloadTooLarge: DiagnosticEntry(
      title: "The workload is too large to be recorded",
      explanation: """
        Every release holds the whole workload, with the contents of its config files, so that a rollback needs nothing \
        else. Together they may have 8 MiB, on every target. Nothing was changed. Larger files belong into the \
        image or onto a volume.
        """,
      wrong: "configFiles: [{name: model, path: /model.json, file: model.json}] # 12 MiB",
      right: "volumes: [{name: models, mountPath: /models, size: 1Gi}]"),
    .notAllowed: DiagnosticEntry(
      title: "The target does not allow the spec this power",
      explanation: """
        Some fields give a workload power over the machine that it runs on, or over what berth did not make: paths and \
        devices of the machine, its network, added rights, volumes and networks of others. A target allows none of it \
        unless berth.yaml says so, so that a change of a workload file alone never gets that power.
        """,
      wrong: """
        targets:
          prod: {provider: docker}
        """,
      right: """
        targets:
          prod: {provider: docker, allow: [bind]}
        """),
    .badBindSource: DiagnosticEntry(
      title: "The path of a bind can't be used",
      explanation: """
        A bind mounts a path of the engine's machine. It must be there before a service starts, and be a folder or a \
        regular file. A path that is relative to the workload file can be meant on targets of this machine only.
        """,
      wrong: "volumes: [{name: media, mountPath: /media, type: bind, source: /srv/medai}]",
      right: "volumes: [{name: media, mountPath: /media, type: bind, source: /srv/media}]"),
    .missingRight: DiagnosticEntry(
      title: "berth lacks a right that the service needs",
      explanation: """
        Local processes are started with no more rights than berth itself has on this machine. To run one as another user, \
        with more limits, added capabilities or a network of its own, or to give files away, takes the right to do so: that \
        of root, as a rule. Nothing was changed. The message says what is missing, and for whom.
        """,
      wrong: "user: postgres # applied by a user who is not root",
      right: "sudo berth apply -f shop.yaml"),
    .unknownAccount: DiagnosticEntry(
      title: "This machine has no such user or group",
      explanation: """
        A service on local processes runs as a user of this machine. A name must be known to it, as `getent passwd` and \
        `getent group` show it; in a container the image may know other names. A number needs no entry.
        """,
      wrong: "user: postgrs",
      right: "user: postgres"),
    .noAddressesLeft: DiagnosticEntry(
      title: "The engine has no addresses for so many networks",
      explanation: """
        Each instance has a network of its own, and an engine divides a few pools of addresses among its networks: \
        31 of them, where nothing else is said. It is counted before anything starts. What else the engine's machine \
        has on its routes may leave fewer; then the engine refuses, and the failure says the same.
        """,
      wrong: """
        replicas: 40 # on an engine with the pools that it has by itself
        """,
      right: """
        "default-address-pools": [{"base": "10.64.0.0/10", "size": 24}] # in the engine's daemon.json
        """),
    .unresolvedSecret: DiagnosticEntry(
      title: "A secret has no value",
      explanation: """
        No source knows a value for the reference. `env:NAME` is an environment variable of berth \
        itself, `file:PATH` a file, anything else a key of the vault, which `berth secret set` puts in. \
        What the vault on this machine lacks is found by `plan` already; variables and files need to be there \
        when `apply` runs.
        """,
      wrong: """
        berth apply -f shop.yaml # with the secret `env:TOKEN`, and TOKEN not set
        """,
      right: "TOKEN=… berth apply -f shop.yaml"),
    .badSecretValue: DiagnosticEntry(
      title: "A secret's value does not fit its type",
      explanation: """
        A secret of type `env`, or one within an environment variable, can't hold a null character. One of type \
        `tls` is PEM text with at least one certificate and exactly one private key without a passphrase. \
        One of type `registry` is `user:password`, or JSON with `username` and `password`.
        """,
      wrong: "cat server.crt | berth secret set shop/cert",
      right: "cat server.crt chain.crt server.key | berth secret set shop/cert"),
    .suspended: DiagnosticEntry(
      title: "The workload is suspended",
      explanation: """
        An operator said that it must not change for a while, and why. Until it is unsuspended, berth refuses \
        every user to apply, roll back or scale it. Stop, start, restart and `berth destroy` stay possible.
        """,
      wrong: "berth apply -f shop.yaml # after berth suspend shop --reason 'moving the database'",
      right: "berth unsuspend shop"),
    .unknownInstance: DiagnosticEntry(
      title: "There is no such instance",
      explanation: """
        Instances are counted from 0; one that a rollout makes beside them has `_g1` and the like behind its number. The \
        workload has none of this name, and should have none.
        """,
      wrong: "berth stop shop --instance 3 # of three instances",
      right: "berth stop shop --instance 2"),
    .instanceLimit: DiagnosticEntry(
      title: "The namespace may not have so many instances",
      explanation: """
        berth.yaml limits the instances of the namespace on this target. Those of all its workloads count, \
        as their last releases have them; the short-lived extra ones of a rolling update do not. A change \
        that adds no instance is never refused for it.
        """,
      wrong: "berth scale shop --replicas 30 # where `maxInstances` is 20",
      right: "berth scale shop --replicas 10"),
    .cannotPin: DiagnosticEntry(
      title: "An image can't be pinned",
      explanation: """
        With `--pin`, the digest that the image's tag leads to becomes a part of the release. Only a registry gives an \
        image a digest that others can find it by: one that was built or loaded where it runs has none until it is \
        pushed. Where the registry has to be asked and does not answer, or refuses, there is none to be had either.
        """,
      wrong: "docker build -t shop:1 . && berth apply -f shop.yaml --pin",
      right: "docker push registry.example.com/shop:1 && berth apply -f shop.yaml --pin"),
    .rolloutPaused: DiagnosticEntry(
      title: "A rollout is paused",
      explanation: """
        New instances run beside the old ones until an operator promotes or aborts the rollout. Until then berth \
        applies no other spec and does not scale the workload: it would be undecided which spec the new \
        instances are compared with. Applying the same spec without `--pause` finishes the rollout, and `berth \
        rollback` and `berth destroy` end it.
        """,
      wrong: "berth apply -f shop.yaml # with another spec than the one whose canary is paused",
      right: "berth promote shop"),
    .cannotPause: DiagnosticEntry(
      title: "The strategy has no place to pause",
      explanation: """
        With `--pause`, a rollout stops when its first new instances are ready and the old ones still run. \
        Only `canary` and `blue_green` have such a moment.
        """,
      wrong: "strategy: {type: rolling} # with berth apply -f shop.yaml --pause",
      right: "strategy: {type: canary}"),
    .volumeInUse: DiagnosticEntry(
      title: "Another instance may still write to the volume",
      explanation: """
        One instance at a time may write to the volume, since its `access` is `one`. A run that failed, or an earlier \
        version of berth, has left a second instance, and what was asked would have both write. An apply or a \
        rollback takes away the one that is too many before it starts the other.
        """,
      wrong: "berth start shop # while an instance that a failed run has left still runs",
      right: "berth rollback shop && berth start shop"),
    .providerNote: DiagnosticEntry(
      title: "What the provider does differently",
      explanation: """
        The spec is applied, and one thing is not as it would be on another engine; the message says \
        which.
        """,
      wrong: "image: shop/api:1.4 # on the local provider, which does not run images",
      right: "command: [/usr/bin/shop-api]"),
    .volumeDetached: DiagnosticEntry(
      title: "A volume is no longer used",
      explanation: """
        Removing a volume from a spec never deletes its data. It stays, detached, until the workload \
        is destroyed with its volumes.
        """,
      wrong: "berth apply -f shop.yaml # from which the volume `data` was removed",
      right: "berth destroy shop --volumes # when the data is not needed any more"),
    .driftElsewhere: DiagnosticEntry(
      title: "Another service differs, too",
      explanation: """
        With `--service` only the named services are changed. Another service differs from its last release, and \
        stays as it is.
        """,
      wrong: "berth apply -f shop.yaml --service api # while `proxy` has drifted",
      right: "berth apply -f shop.yaml"),
    .staysStopped: DiagnosticEntry(
      title: "Services stay stopped",
      explanation: """
        An operator stopped them. An apply changes them where they differ and does not start them; `berth start` does.
        """,
      wrong: "berth apply -f shop.yaml # after berth stop shop",
      right: "berth start shop"),
    .isSuspended: DiagnosticEntry(
      title: "The workload is suspended, and the plan can't be applied",
      explanation: """
        The plan shows what would change. Applying it is refused until the workload is unsuspended.
        """,
      wrong: "berth plan -f shop.yaml # after berth suspend shop --reason 'moving the database'",
      right: "berth unsuspend shop"),
    .scaledByHand: DiagnosticEntry(
      title: "The next apply may scale back",
      explanation: """
        A spec that sets `replicas` wins over what was scaled by hand, the next time that it is applied. A \
        spec without `replicas` keeps the number, 0 too.
        """,
      wrong: "replicas: 2 # in shop.yaml, after berth scale shop --replicas 5",
      right: "replicas: 5"),
    .changedInPlace: DiagnosticEntry(
      title: "An instance is changed in place, and is away while it is",
      explanation: """
        The strategy asks for a new instance that comes up before the old one goes. That is not possible \
        here, or would put data at risk, for the reason that the message gives: the old one stops first.
        """,
      wrong: "ports: [{container: 80, host: 80}] # with maxUnavailable 0, the default",
      right: "strategy: {maxUnavailable: 1}"),
    .isPaused: DiagnosticEntry(
      title: "A rollout is paused, and the plan can't be applied",
      explanation: """
        The plan shows what would change. Applying it is refused until the paused rollout is promoted or \
        aborted.
        """,
      wrong: "berth plan -f shop.yaml # with another spec than the one whose canary is paused",
      right: "berth promote shop"),
    .nothingToPause: DiagnosticEntry(
      title: "There is nothing to pause at",
      explanation: """
        `--pause` stops a rollout between its first new instances and the end of the old ones. A first \
        apply has no old instances, and a change that needs no new ones makes none.
        """,
      wrong: "berth apply -f shop.yaml --pause # for the first time",
      right: "berth apply -f shop.yaml"),
    .numberGivenUp: DiagnosticEntry(
      title: "A release has more instances than there can be",
      explanation: """
        Only one instance at a time can have a port of the host. An earlier version of berth let `berth scale` make \
        more of them, and recorded that. The plan has one instance, and takes the others away.
        """,
      wrong: "berth rollback shop # to a release with two instances and the host port 80",
      right: "ports: [{container: 80}] # and berth scale shop --replicas 2"),
    .staysAtZero: DiagnosticEntry(
      title: "The workload has no instances, as an operator asked",
      explanation: """
        It was scaled to 0, and the spec does not state `replicas`: the number stays until `berth scale` or a spec \
        says another one.
        """,
      wrong: "berth apply -f shop.yaml # after berth scale shop --replicas 0",
      right: "berth scale shop --replicas 1"),
    .runsOncePerRun: DiagnosticEntry(
      title: "A service that runs once per run can't be stopped, started or restarted",
      explanation: """
        A service of `role: before` belongs to no instance: an apply runs it to its end before it changes anything. \
        Operators stop, start and restart the services of instances.
        """,
      wrong: "berth restart shop --service migrate",
      right: "berth apply -f shop.yaml"),
    .beforeSkipped: DiagnosticEntry(
      title: "Services that run once per run do not run on the way back",
      explanation: """
        Going back leaves what a service of `role: before` did, such as a migration of a database: the one of the older \
        release seldom undoes it. `--run-before` runs it as that release has it, before anything goes back.
        """,
      wrong: "berth rollback shop --to 4",
      right: "berth rollback shop --to 4 --run-before"),
    .cannotAdopt: DiagnosticEntry(
      title: "An object on the engine can't be adopted",
      explanation: """
        `--adopt` takes over what berth did not create, while it does its work. It takes over nothing that carries a \
        stamp already, nothing of which there are two for one place, no more instances than the spec has, and no volume \
        or network that sits on the workload's own name: an engine changes neither their labels nor their names. Of a \
        cluster, it takes over a Deployment or StatefulSet only with all of its containers and claims: each has to be in the \
        spec, since the pods that are made next have what the spec says.
        """,
      wrong: "berth apply -f shop.yaml --adopt # with `replicas: 1`, where the project runs two of a service",
      right: "berth apply -f shop.yaml --adopt # with `replicas: 2`"),
    .nothingToAdopt: DiagnosticEntry(
      title: "There is nothing to adopt",
      explanation: """
        `--adopt` looks for what sits on the workload's names and for a compose project of the workload's name. Where an \
        import made several workloads of one project, or the project has another name, `--adopt-from` names it. On a \
        cluster, it looks for the Deployment or StatefulSet of the workload's name.
        """,
      wrong: "berth apply -f shop-db.yaml --adopt # of the project `shop`",
      right: "berth apply -f shop-db.yaml --adopt-from shop"),
    .adoptionUnfinished: DiagnosticEntry(
      title: "An adoption was broken off",
      explanation: """
        berth adopted a part of the containers, and the rest not yet. Making the rest anew would run two \
        containers of a service side by side, for example on the same data.
        """,
      wrong: "berth apply -f shop.yaml # after `berth apply -f shop.yaml --adopt` was killed",
      right: "berth apply -f shop.yaml --adopt"),
    .adoptionStays: DiagnosticEntry(
      title: "An adoption is not taken back",
      explanation: """
        `--atomic` goes back to the last release, and before the first one to nothing. The adopted containers \
        were there before, and berth could not make them again as they were: they stay, and the next apply goes \
        on.
        """,
      wrong: "berth apply -f shop.yaml --adopt --atomic # and a service does not become ready",
      right: "berth apply -f shop.yaml --adopt # once what failed is mended"),
    .dataInUse: DiagnosticEntry(
      title: "Another container writes to the workload's data",
      explanation: """
        A volume that was adopted keeps its name, so the project that it comes from finds it again: `docker compose up` \
        makes containers that write to it, beside those of berth. Nothing is made or started beside them, unless the \
        volume says `access: many`.
        """,
      wrong: "docker compose up -d # after `berth apply -f shop.yaml --adopt`",
      right: "docker stop shop-db-1 && docker rm shop-db-1 && berth apply -f shop.yaml"),
    .dependencyAbsent: DiagnosticEntry(
      title: "A workload that another one depends on does not exist",
      explanation: """
        A workload is changed after those that its own `dependsOn` names are ready. One of them is neither among the \
        workloads of this command nor in force on the target, or this command deletes it.
        """,
      wrong: "berth apply -f web.yaml # with `dependsOn: [db]`, and db was never applied",
      right: "berth apply -f web.yaml -f db.yaml"),
    .dependencyStopped: DiagnosticEntry(
      title: "A workload that another one depends on is stopped or suspended",
      explanation: """
        A stopped workload becomes ready only when it is started, and a suspended one must not change: the \
        operator who stopped or suspended it decides when workloads that depend on it go on. A workload that was \
        scaled to 0 is stopped as well.
        """,
      wrong: "berth apply -f web.yaml # with `dependsOn: [db]`, after berth stop db",
      right: "berth start db # and then: berth apply -f web.yaml"),
    .dependencyNotReady: DiagnosticEntry(
      title: "A workload that another one depends on did not become ready",
      explanation: """
        Before a workload is changed, berth waits until all instances of those that its own `dependsOn` names are ready, \
        for as long as `--timeout` says. Nothing of the workload was changed, and its lock was not taken.
        """,
      wrong: "berth apply -f web.yaml # while db is crash-looping",
      right: "berth status db # and once it is ready: berth apply -f web.yaml"),
    .addressOfSeveral: DiagnosticEntry(
      title: "An address of a workload with several instances, on an engine without names",
      explanation: """
        Where services are reached at ports of the machine, each instance has ports of its own, and one address can only \
        lead to one of them. Such an engine gives the port that another workload refers to to that workload, as if `host` \
        said so, and so to one instance. Engines that have names lead to all instances.
        """,
      wrong: "berth apply -f web.yaml # with `${address.db/server.5432}`, while db has 2 instances",
      right: "berth scale db --replicas 1 && berth apply -f web.yaml"),
    .neededByOthers: DiagnosticEntry(
      title: "Other workloads depend on one that is to be deleted",
      explanation: """
        Workloads that stay name it in their own `dependsOn`. Without it they may fail, and they can't be applied any \
        more. `--force` deletes it nevertheless.
        """,
      wrong: "berth destroy db # while the release of web has `dependsOn: [db]`",
      right: "berth destroy web db"),
    .stillLabelled: DiagnosticEntry(
      title: "Compose still takes adopted containers for its own",
      explanation: """
        The labels of a container can't be changed, so those of compose stay until the container is made anew. \
        From the adoption on berth is the owner: `docker compose up` or `down` would change or remove the \
        containers, which berth sees as drift. Take the compose file away, or leave its project alone.
        """,
      wrong: "docker compose down # after berth apply -f shop.yaml --adopt",
      right: "berth destroy shop"),
    .leftAlone: DiagnosticEntry(
      title: "Something of the project is not part of the workload",
      explanation: """
        The project that is adopted has containers that the spec has no service for. They stay as they are, and compose \
        stays their owner.
        """,
      wrong: "berth apply -f shop.yaml --adopt # and the spec has no `worker`, which the project runs",
      right: "docker rm -f shop-worker-1 # if it is not needed any more; or add the service to the spec"),
    .couldAdopt: DiagnosticEntry(
      title: "A compose project that could be adopted runs beside the workload",
      explanation: """
        On the engine runs a compose project of the workload's name, with services that the spec has. Without `--adopt` \
        it is left alone, and a first apply makes everything anew beside it, with empty volumes.
        """,
      wrong: "berth apply -f shop.yaml # while the compose project `shop` runs",
      right: "berth apply -f shop.yaml --adopt"),
    .goesWithNewPods: DiagnosticEntry(
      title: "What the spec does not state goes with the pods that have it",
      explanation: """
        The pods of a Deployment or StatefulSet that is adopted have something that the spec does not state, and that berth \
        would not write. They keep it as long as they live. The first change that makes new pods makes them as the spec says, \
        and without it.
        """,
      wrong: "env: {LEVEL: info} # where the pods have a variable `REGION`, too",
      right: "env: {LEVEL: info, REGION: eu}"),
    .sharedBySeveral: DiagnosticEntry(
      title: "Several instances write to one volume",
      explanation: """
        The release was recorded before volumes had `access`, or under a spec that let many instances write. The \
        instances go on, and none is added; the next spec must say which `access` is meant.
        """,
      wrong: "volumes: [{name: uploads, mountPath: /uploads, type: persistent}] # with three instances",
      right: "volumes: [{name: uploads, mountPath: /uploads, type: persistent, access: many}]"),
    .volumeReplaced: DiagnosticEntry(
      title: "A file or folder is in the place of a volume",
      explanation: """
        What the service writes at the volume's path does not reach the volume. On local processes without the \
        right to mount, a volume is a link, which a program can replace, for example by unpacking an archive \
        over it. The next apply puts the volume back; it moves the file or folder in its place aside, never \
        merges and never deletes it, and the message says where to.
        """,
      wrong: "berth exec shop -- tar -xf backup.tar # with a folder `data` in it, where the volume is",
      right: "berth exec shop -- tar -xf backup.tar --keep-directory-symlink"),
    .volumeGone: DiagnosticEntry(
      title: "The folder of a volume is gone",
      explanation: """
        The folder that holds the volume's data was deleted or moved away. The next apply makes an empty one: \
        put the data back before, from where it was moved to or from a backup.
        """,
      wrong: "rm -rf $BERTH_HOME/local/volumes/default_shop_data",
      right: "berth destroy shop --volumes # when the data is not needed any more"),
    .volumeRecovered: DiagnosticEntry(
      title: "Data that was moved aside from a volume's path is still there",
      explanation: """
        A file or folder was in the place of a volume and was moved aside, to a path that ends with \
        `.recovered-1` or a higher number. No service sees it there. Copy what is missing back into the volume, \
        then delete it; until then each plan says so.
        """,
      wrong: "leaving what a database wrote for a day beside its volume",
      right: "rm -r $BERTH_HOME/local/volumes/default_shop_data.recovered-1 # once it was looked through"),
    .configFileKept: DiagnosticEntry(
      title: "A config file that was changed stays in its volume",
      explanation: """
        The spec has the config file no more, or at another path. berth deletes a file that is as berth wrote it \
        from the volume, and keeps one that was changed since, because the change may still be needed.
        """,
      wrong: "removing a config file from a spec, which the service rewrites in its volume",
      right: "berth exec shop -- rm data/app.conf # when it is not needed any more"),
  ]
}
