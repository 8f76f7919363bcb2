extension DiagnosticCatalogue {
  /// What keeps a plan from being carried out.
  static let applying: [DiagnosticCode: DiagnosticEntry] = [
    .lockHeld: DiagnosticEntry(
      title: "Another run holds the lock of this workload",
      explanation: """
        Two runs on one workload would undo each other's work, so the second one waits, or gives up \
        after `--lock-timeout`. The message says who holds the lock. The next run breaks the lock of a holder \
        that died after a while; `berth unlock` breaks it at once.
        """,
      wrong: "two pipelines that apply `shop` at the same time",
      right: "berth apply -f shop.yaml --lock-timeout 10m"),
    .lockLost: DiagnosticEntry(
      title: "The lock was lost",
      explanation: """
        While this run was working, another run took its lock, because this one did not show for too long that \
        it was alive, or because an operator ran `berth unlock`; or what keeps the lock did not answer for so long that \
        another run may have taken it. Nothing further was started. Apply again to reach the wanted state.
        """,
      wrong: "berth unlock shop # while its run is still working",
      right: "berth apply -f shop.yaml"),
    .actionFailed: DiagnosticEntry(
      title: "An action failed",
      explanation: """
        A service could not be started, did not become ready in time, or could not be changed. Its \
        last log lines are shown. No release was recorded: fix the cause and apply again, or use `--atomic` to \
        roll back automatically.
        """,
      wrong: "a new version that ends with exit code 1",
      right: "berth rollback shop"),
    .engineUnreachable: DiagnosticEntry(
      title: "The engine does not answer",
      explanation: """
        The engine that the target names can't be reached or refuses to talk. The message has its \
        answer.
        """,
      wrong: "host: unix:///var/run/dokcer.sock",
      right: "host: unix:///var/run/docker.sock"),
    .storeUnusable: DiagnosticEntry(
      title: "The target's history can't be read or written",
      explanation: """
        The store of releases, runs and locks can't be read or written: the disk is full, the file belongs to \
        another user, or it is damaged. Nothing was changed.
        """,
      wrong: "sudo berth apply -f shop.yaml, then berth apply -f shop.yaml",
      right: "berth apply -f shop.yaml, by one user each time"),
    .planChanged: DiagnosticEntry(
      title: "The saved plan does not fit any more",
      explanation: """
        Since the plan was saved, a release was recorded, the live state changed, or a plan would now do \
        something else. berth carries out a saved plan exactly as it was shown, or not at all: plan again. A run \
        of the same plan that was broken off is no such change: applying the file again goes on.
        """,
      wrong: "berth apply plan.json # after another apply",
      right: "berth plan -f shop.yaml --out plan.json"),
    .confirmationNeeded: DiagnosticEntry(
      title: "The command needs consent",
      explanation: """
        berth asks on a terminal before it deletes workloads or volumes. Without a terminal, `--yes` gives consent.
        """,
      wrong: "berth destroy shop # in a pipeline",
      right: "berth destroy shop --yes"),
    .unknownWorkload: DiagnosticEntry(
      title: "There is no such workload",
      explanation: """
        The target has no workload of this name in the namespace. `berth list` shows those that it has.
        """,
      wrong: "berth status shpo",
      right: "berth status shop"),
    .unknownProvider: DiagnosticEntry(
      title: "There is no such provider",
      explanation: """
        A target in berth.yaml, or a key under `on` of a spec, names a kind of engine that this program does \
        not know. `berth providers` lists them.
        """,
      wrong: "targets: {staging: {provider: dokcer}}",
      right: "targets: {staging: {provider: docker}}"),
    .unknownRelease: DiagnosticEntry(
      title: "There is no such release",
      explanation: """
        `berth history` lists the releases of a workload. A release that left a destroyed workload \
        behind can't be restored.
        """,
      wrong: "berth rollback shop --to 99",
      right: "berth rollback shop --to 4"),
    .badConfiguration: DiagnosticEntry(
      title: "The configuration can't be used",
      explanation: """
        berth.yaml has an error, or an option contradicts it. The message says where.
        """,
      wrong: "targets: [staging]",
      right: "targets: {staging: {provider: local}}"),
    .unknownStore: DiagnosticEntry(
      title: "A target's `store` is not known",
      explanation: """
        A target's `store` says what keeps its releases, runs and locks in place of its own engine: another target, by its \
        name (`local`, this machine, is always there), or an address of a kind that berth knows.
        """,
      wrong: "targets: {edge: {provider: docker, store: lokal}}",
      right: "targets: {edge: {provider: docker, store: local}}"),
    .storeCircle: DiagnosticEntry(
      title: "The stores of targets lead in a circle",
      explanation: """
        The history of a target that names another one as its `store` is kept where that one's is. Targets that name each \
        other, or themselves, would have none. One of them has to keep it on its own engine, or name another place.
        """,
      wrong: "targets: {a: {provider: docker, store: b}, b: {provider: local, store: a}}",
      right: "targets: {a: {provider: docker, store: b}, b: {provider: local}}"),
    .noStoreThere: DiagnosticEntry(
      title: "A target can't keep the history of others",
      explanation: """
        A target's `store` names another target whose provider keeps no history but that of its own workloads. Local \
        processes, Docker engines and clusters keep others' too.
        """,
      wrong: "targets: {edge: {provider: docker, store: other}, other: {provider: mine}}",
      right: "targets: {edge: {provider: docker, store: local}}"),
    .storeNotNamed: DiagnosticEntry(
      title: "The provider keeps histories on its own engine only",
      explanation: """
        A target names a `store`, and its provider does not use it: the history would be in another place than berth.yaml \
        says. This is so with providers from outside of berth that know no `store` yet.
        """,
      wrong: "targets: {prod: {provider: mine, store: local}}",
      right: "targets: {prod: {provider: mine}}"),
    .storeWithoutConditions: DiagnosticEntry(
      title: "The store does not keep the conditions of writes",
      explanation: """
        A history in a bucket is safe because a write happens only if nothing is there yet, or if what is there is what was \
        read (`If-None-Match`, `If-Match`). Some stores take such a write and do it whatever the condition says: two runs would \
        each think that they have the lock. berth tries it out before its first write, and writes nothing there.
        """,
      wrong: "store: {s3: history/berth, endpoint: http://localhost:8080} # rclone serve s3",
      right: "store: s3://history/berth"),
    .bucketMissing: DiagnosticEntry(
      title: "There is no such bucket",
      explanation: """
        The `store` of a target names a bucket that is not at the endpoint. berth makes no buckets: who owns one decides where it \
        is, who may read it and how long it is kept.
        """,
      wrong: "store: s3://histroy/berth",
      right: "store: s3://history/berth"),
    .bucketElsewhere: DiagnosticEntry(
      title: "The bucket is in another region",
      explanation: """
        Requests are signed for the region of the bucket, and sent there. The one that the target, the environment or the profile \
        says is another. The message names the bucket's region where the store tells it.
        """,
      wrong: "store: {s3: history/berth, region: us-east-1}",
      right: "store: {s3: history/berth, region: eu-central-1}"),
    .bucketVersioned: DiagnosticEntry(
      title: "The bucket keeps every version of its objects",
      explanation: """
        A run that goes on says so every few seconds in the object of its lock, and a head moves with every run. A bucket with \
        versions keeps all of that for ever, and what was deleted with it. berth keeps a history with limits by itself.
        """,
      wrong: "aws s3api put-bucket-versioning --bucket history --versioning-configuration Status=Enabled",
      right: "aws s3api put-bucket-versioning --bucket history --versioning-configuration Status=Suspended"),
    .bucketForbids: DiagnosticEntry(
      title: "The bucket refuses what a history needs",
      explanation: """
        The policy of the bucket, or that of the credentials, does not allow to read, list, write or delete there. A plan needs \
        to read and list; an apply also to write and to delete. The message names the right that is missing.
        """,
      wrong: "Action: [s3:GetObject, s3:PutObject]",
      right: "Action: [s3:GetObject, s3:PutObject, s3:DeleteObject]"),
    .noHistory: DiagnosticEntry(
      title: "The target's engine can keep no history",
      explanation: """
        berth keeps releases, runs and locks where the workloads are. This engine has nothing that they could be kept in, such as \
        servers of Nomad before 1.4, which have no variables. `store` names another place: `local`, this machine, or another \
        target, which everyone who uses this one can reach.
        """,
      wrong: "targets: {prod: {provider: nomad}} # with Nomad 1.3",
      right: "targets: {prod: {provider: nomad, store: local}}"),
    .foundConfiguration: DiagnosticEntry(
      title: "A berth.yaml that was found by search names a remote engine",
      explanation: """
        A berth.yaml that is found by the search may be the work of a stranger: in a pipeline, it comes with a pull \
        request that is not reviewed yet. So it names engines of this machine only. One that is reached by the network or \
        by `ssh` needs a configuration that is given: by `--config FILE`, or by `BERTH_CONFIG` in the environment.
        """,
      wrong: "berth plan -f shop.yaml -t staging",
      right: "berth plan -f shop.yaml -t staging --config berth.yaml"),
    .outputLost: DiagnosticEntry(
      title: "Standard output can't be written to",
      explanation: """
        Standard output leads to a full disk, or to a stream that is closed. The output that arrived is \
        incomplete and must not be used. A run goes on all the same, and `berth status` shows its outcome. A \
        reader that closes the stream early (`| head`) is no error.
        """,
      wrong: "berth render -f shop.yaml > /full/shop.yaml",
      right: "berth render -f shop.yaml > shop.yaml"),
    .unlistedRegistry: DiagnosticEntry(
      title: "The target does not list the registry",
      explanation: """
        A secret of type `registry` is sent to the host that the spec's image names. The author of a spec could have \
        any secret sent anywhere, so the target says which hosts may be sent one: `registries` in berth.yaml. What \
        `docker login` keeps needs no entry, because it is sent to its own host only.
        """,
      wrong: "targets: {prod: {provider: docker}}",
      right: "targets: {prod: {provider: docker, registries: [ghcr.io]}}"),
    .newerRecord: DiagnosticEntry(
      title: "A newer berth wrote the target's records",
      explanation: """
        Every record on a target says in which format it is. This one is in a format that this berth does not know, \
        because a newer berth wrote it; half a record would be worse than none. The message names that version. \
        Nothing was changed: update this berth, on every machine that uses the target.
        """,
      wrong: "berth 0.1.0 plan -f shop.yaml # after berth 0.9.0 has applied to the target",
      right: "berth --version # the same on every machine, or newer"),
    .credentialsRefused: DiagnosticEntry(
      title: "The cluster does not accept the credentials",
      explanation: """
        The servers do not know who asks: the token, or the certificate of the kubeconfig's user, is wrong, or has \
        expired, which may also happen while a run is under way. What was done until then is recorded as far as the \
        cluster took it. Log in again, and apply again: the next run goes on from what is there.
        """,
      wrong: "berth apply -f shop.yaml -t prod # with a token of yesterday",
      right: "kubectl auth whoami # log in again until this answers"),
    .rightMissing: DiagnosticEntry(
      title: "The cluster does not give the user a right",
      explanation: """
        The servers know who asks, and the user's Roles, or the policies of the token, do not allow what berth asked for. The \
        message names what that is, and the namespace. `docs/kubernetes.md` and `docs/nomad.md` have the smallest Role and \
        policy for a plan, which reads only, and those for an apply.
        """,
      wrong: "rules: [{apiGroups: [\"\"], resources: [configmaps], verbs: [get]}]",
      right: "rules: [{apiGroups: [\"\"], resources: [configmaps], verbs: [get, list, watch]}]"),
    .namespaceUnusable: DiagnosticEntry(
      title: "The cluster's namespace takes nothing",
      explanation: """
        A workload's namespace is the cluster's namespace of that name. It is not there, or it is being deleted, with \
        everything in it. On Kubernetes, berth creates a namespace where the target says `createNamespace: true`, and only \
        by an apply; on Nomad, `nomad namespace apply` does.
        """,
      wrong: "targets: {prod: {provider: kubernetes}}",
      right: "targets: {prod: {provider: kubernetes, createNamespace: true}}"),
    .unknownPlanFormat: DiagnosticEntry(
      title: "This is not a saved plan that can be read",
      explanation: """
        The file was not written by `berth plan --out`, it is cut short, or a newer version of berth \
        wrote it. Spec files are given with `-f`.
        """,
      wrong: "berth apply shop.yaml",
      right: "berth apply -f shop.yaml"),
    .planAltered: DiagnosticEntry(
      title: "The saved plan was altered",
      explanation: """
        A saved plan carries a code that only the target's key can make, and the code does not fit the file: the \
        file was changed after it was saved. berth carries out nothing of it.
        """,
      wrong: "sed -i s/2.4.1/2.4.2/ plan.json",
      right: "berth plan -f shop.yaml --var tag=2.4.2 --out plan.json"),
    .planOfOtherEngine: DiagnosticEntry(
      title: "The saved plan is for another engine",
      explanation: """
        A plan is made for one engine and carried out on that one only. The target that is named now, \
        or by the plan, leads to another one: another machine, another folder, another cluster.
        """,
      wrong: "berth apply staging-plan.json --target prod",
      right: "berth plan -f shop.yaml --target prod --out plan.json"),
    .noPlanKey: DiagnosticEntry(
      title: "The target has no key yet to sign a plan with",
      explanation: """
        A saved plan is signed with a key that the target holds, so that berth detects every change to the file. \
        The first apply of anything on a target makes that key; planning never writes, and so can't. \
        Apply once without a saved plan.
        """,
      wrong: "berth plan -f shop.yaml --out plan.json # on a target that nothing was ever applied to",
      right: "berth apply -f shop.yaml"),
  ]
}
