extension DiagnosticCatalogue {
  /// What keeps a plan from being carried out.
  static let applying: [DiagnosticCode: DiagnosticEntry] = [
    .lockHeld: DiagnosticEntry(
      title: "Somebody else is applying this workload",
      explanation: """
        Two runs on one workload would undo each other's work, so the second one waits, or gives up \
        after `--lock-timeout`. The message says who holds the lock. A holder that died loses it by \
        itself after a while; `berth unlock` is for the day when it does not.
        """,
      wrong: "two pipelines that apply `shop` at the same time",
      right: "berth apply -f shop.yaml --lock-timeout 10m"),
    .lockLost: DiagnosticEntry(
      title: "The lock was lost",
      explanation: """
        While this run was working, another one took its lock, because this one did not show that it \
        was alive for too long, or because somebody ran `berth unlock`. Nothing further was started. \
        Apply again to reach the wanted state.
        """,
      wrong: "berth unlock shop # while its run is still working",
      right: "berth apply -f shop.yaml"),
    .actionFailed: DiagnosticEntry(
      title: "An action failed",
      explanation: """
        A service could not be started, did not become ready in time, or could not be changed. Its \
        last log lines are shown. The release has not moved: mend the cause and apply again, or use \
        `--atomic` to go back by itself.
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
      title: "What is kept of the workloads can't be used",
      explanation: """
        The releases or journals can't be read or written: the disk is full, the file belongs to \
        another user, or it is damaged. Nothing was changed.
        """,
      wrong: "sudo berth apply -f shop.yaml, then berth apply -f shop.yaml",
      right: "berth apply -f shop.yaml, by one user each time"),
    .planChanged: DiagnosticEntry(
      title: "The saved plan does not fit any more",
      explanation: """
        Since the plan was saved, a release was recorded, or what lives or what a plan would do about \
        it changed. A saved plan is carried out exactly as it was shown, or not at all: plan again. A \
        run of the same plan that was broken off is no such change: applying the file again goes on.
        """,
      wrong: "berth apply plan.json # after somebody else applied",
      right: "berth plan -f shop.yaml --out plan.json"),
    .confirmationNeeded: DiagnosticEntry(
      title: "Somebody must agree",
      explanation: """
        Deleting workloads or volumes asks first. Without a terminal there is nobody to ask.
        """,
      wrong: "berth destroy shop # in a pipeline",
      right: "berth destroy shop --yes"),
    .unknownWorkload: DiagnosticEntry(
      title: "There is no such workload",
      explanation: """
        Nothing of this name is known on the target and in the namespace. `berth list` shows what \
        is.
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
        berth.yaml is not what it should be, or an option contradicts it. The message says where.
        """,
      wrong: "targets: [staging]",
      right: "targets: {staging: {provider: local}}"),
    .foundConfiguration: DiagnosticEntry(
      title: "What was found may not decide that",
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
        What the command says goes to a full disk, or to a stream that is closed. What arrived is not whole, and must \
        not be used. A run goes on all the same, and `berth status` tells what became of it. That a reader wants no \
        more (`| head`) is no error.
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
      title: "A newer berth wrote what the target keeps",
      explanation: """
        Every record on a target says in which format it is. This one is in a format that this berth does not know, \
        because a newer berth wrote it; half a record would be worse than none. The message names that version. \
        Nothing was changed: update this berth, on every machine that uses the target.
        """,
      wrong: "berth 0.1.0 plan -f shop.yaml # after berth 0.9.0 has applied to the target",
      right: "berth --version # the same on every machine, or newer"),
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
        A saved plan carries a code that only the target's key can make, and the code does not fit the \
        file: somebody or something changed it after it was saved. Nothing of it is carried out.
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
        A saved plan is signed with a key that the target holds, so that nobody can alter it unseen. \
        The first apply of anything on a target makes that key; planning never writes, and so can't. \
        Apply once without a saved plan.
        """,
      wrong: "berth plan -f shop.yaml --out plan.json # on a target that nothing was ever applied to",
      right: "berth apply -f shop.yaml"),
  ]
}
