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
        somebody else, or a newer version of berth wrote them. Nothing was changed.
        """,
      wrong: "sudo berth apply -f shop.yaml, then berth apply -f shop.yaml",
      right: "berth apply -f shop.yaml, by one user each time"),
    .planChanged: DiagnosticEntry(
      title: "The saved plan does not fit any more",
      explanation: """
        Since the plan was saved, the target or the last release changed, or the file was altered. A \
        saved plan is carried out exactly as it was shown, or not at all: plan again.
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
        A target in berth.yaml names a kind of engine that this program does not know. `berth \
        providers` lists them.
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
  ]
}
