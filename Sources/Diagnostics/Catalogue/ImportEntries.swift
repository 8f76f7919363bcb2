extension DiagnosticCatalogue {
  /// What stands in the way when a file of another tool is turned into specs, and what does not survive it.
  static let importing: [DiagnosticCode: DiagnosticEntry] = [
    .composeInvalid: DiagnosticEntry(
      title: "A compose file says something that compose does not understand",
      explanation: """
        A value is of the wrong kind, or can't be read as what it should be. `docker compose config` refuses \
        the file too.
        """,
      wrong: "ports: [\"eighty:80\"]",
      right: "ports: [\"8080:80\"]"),
    .composeReference: DiagnosticEntry(
      title: "A compose file names something that does not exist",
      explanation: """
        A service, a volume, a config, a secret or a file is used that the compose file does not declare, or \
        that does not exist. Paths are taken from the folder of the file that they stand in.
        """,
      wrong: "depends_on: [dbs] # where the service is called db",
      right: "depends_on: [db]"),
    .composeCycle: DiagnosticEntry(
      title: "Compose files or services refer to each other in a cycle",
      explanation: """
        Following `extends` or `include` leads back to where it started, or through more steps than berth follows.
        """,
      wrong: """
        services:
          a: {extends: b}
          b: {extends: a}
        """,
      right: """
        services:
          a: {extends: b}
          b: {image: "shop/b:1.0"}
        """),
    .composeInterpolation: DiagnosticEntry(
      title: "A `${` in a compose file starts no variable",
      explanation: """
        In a compose file, `$NAME` and `${NAME}` are variables, with `:-`, `-`, `:?`, `?`, `:+` or `+` and a \
        text behind the name, up to a `}` on the same line. A `${` as it is is written `$${`; a `$` in front of \
        anything but a name, a `{` or a `$` stays as it is.
        """,
      wrong: "command: echo ${#LIST}",
      right: "command: echo $${#LIST}"),
    .composeMissingVariable: DiagnosticEntry(
      title: "A variable that a compose file requires has no value",
      explanation: """
        The file says `${NAME:?…}`, and the value is needed now: because of `--resolve`, or because it stands \
        where a spec can't have a variable. Values come from the file `.env` beside the compose file, and with \
        `--resolve` from the environment first.
        """,
      wrong: "berth import compose --resolve compose.yaml",
      right: "TAG=1.4 berth import compose --resolve compose.yaml"),
    .importExists: DiagnosticEntry(
      title: "The output file exists already",
      explanation: """
        An import overwrites a file only with `--force`, because the file may have been edited since.
        """,
      wrong: "berth import compose --out workload.yaml compose.yaml # the second time",
      right: "berth import compose --out workload.yaml --force compose.yaml"),
    .importLoss: DiagnosticEntry(
      title: "A part of the file has no equivalent, and `--strict` is given",
      explanation: """
        With `--strict`, nothing is written if anything of the file has no equivalent in a spec. Each such \
        thing is reported above. Take it out of the compose file, or go on without `--strict`.
        """,
      wrong: "berth import compose --strict compose.yaml # with privileged: true in it",
      right: "berth import compose compose.yaml"),
    .importResult: DiagnosticEntry(
      title: "The spec that an import made is not valid",
      explanation: """
        The result is checked as `berth validate` does it, and has an error. Fix the field that the message \
        names in the imported file, and import it again.
        """,
      wrong: """
        services:
          api: {image: "shop/Api:1.0", user: root}
        """,
      right: """
        services:
          api: {image: "shop/api:1.0", user: root}
        """),
    .importNothing: DiagnosticEntry(
      title: "There is no service to import",
      explanation: """
        The manifests describe no pods, or the compose file declares no services, or each of them is left out by its profiles or has a scale of 0. \
        `--profile NAME` takes those of a profile.
        """,
      wrong: "berth import compose compose.yaml # where every service has profiles",
      right: "berth import compose --profile dev compose.yaml"),
    .importMain: DiagnosticEntry(
      title: "The service that `--main` names can't be the main service",
      explanation: """
        `--main` names a service or a container that is not imported, that runs once before the others, or that is in \
        one workload with another chosen main.
        """,
      wrong: "berth import compose --main wbe compose.yaml",
      right: "berth import compose --main web compose.yaml"),
    .environmentFileInvalid: DiagnosticEntry(
      title: "An environment file can't be read as compose reads it",
      explanation: """
        A line is no `NAME=value`, a quoted value is never closed, or the file is not UTF-8. In a quoted value, a \
        backslash in front of the quote makes the quote a part of it, also between single quotes. `docker compose` \
        refuses such files, too.
        """,
      wrong: "FOLDER='C:\\data\\'",
      right: "FOLDER=C:\\data\\"),
    .durationWithoutUnit: DiagnosticEntry(
      title: "A length of time in a compose file has no unit",
      explanation: """
        Each number of a length of time needs a unit: `ns`, `us`, `ms`, `s`, `m`, `h`, `d` or `w`. `docker compose` \
        refuses one without, because nothing says whether seconds or something else is meant.
        """,
      wrong: "stop_grace_period: \"30\"",
      right: "stop_grace_period: 30s"),
    .composeSetting: DiagnosticEntry(
      title: "A variable of compose has a value that it can't have",
      explanation: """
        The variables whose names start with `COMPOSE_` choose files and profiles for compose, and for an import.
        """,
      wrong: "COMPOSE_DISABLE_ENV_FILE=maybe berth import compose",
      right: "COMPOSE_DISABLE_ENV_FILE=true berth import compose"),
    .importedEnvironment: DiagnosticEntry(
      title: "An environment variable of a compose file can't be one of a spec",
      explanation: """
        Compose takes any name. A spec's has letters, digits, `_`, `.` and `-`, and does not start with a digit, \
        a `.` or a `-`; and no process can be given a value with a null character.
        """,
      wrong: "environment: {\"1ST\": x}",
      right: "environment: {FIRST: x}"),
    .manifestInvalid: DiagnosticEntry(
      title: "A manifest says something that Kubernetes does not understand",
      explanation: """
        A document is no object of Kubernetes, stands twice, holds a value of the wrong kind, or names a key, a port or a \
        volume that is not there. Charts and kustomizations are rendered first: `helm template NAME FOLDER` and \
        `kubectl kustomize FOLDER` print manifests, which `berth import kubernetes -` reads.
        """,
      wrong: "ports: [{containerPort: http}]",
      right: "ports: [{name: http, containerPort: 8080}]"),
    .notCarriedOver: DiagnosticEntry(
      title: "A part of a file has no equivalent",
      explanation: """
        The spec says nothing in its place. The help names what to do instead, where there is something. With \
        `--strict` this is an error.
        """,
      wrong: "pre_stop: [{command: [/bin/leave]}]",
      right: "a program that does it when it is asked to stop"),
    .carriedOverDifferently: DiagnosticEntry(
      title: "A part of a file has no exact equivalent",
      explanation: """
        The spec says what comes nearest. The message names the difference. With `--strict` this is an error.
        """,
      wrong: "restart: on-failure:3 # starts again without end",
      right: "restart: on-failure"),
    .importUnknownKey: DiagnosticEntry(
      title: "A file has a key that its own tool does not know",
      explanation: """
        The key is left out. In compose files, keys that start with `x-` are for other tools, and are left out without a word. \
        With `--strict` this is an error.
        """,
      wrong: "enviroment: {LEVEL: info}",
      right: "environment: {LEVEL: info}"),
    .workloadBoundary: DiagnosticEntry(
      title: "A choice was made about what belongs together",
      explanation: """
        The services of a workload share a network, find each other by name, and are scaled together; those of \
        different workloads do not. Compose has no such borders, so they are drawn: services that name each \
        other are one workload. `--main` and `--split` choose differently. Of a pod with several containers, one becomes \
        the main service, and the namespace of a manifest is chosen by `-n`.
        """,
      wrong: "two services that do not name each other, but meet on the default network",
      right: "depends_on between them, or berth import compose --split"),
    .serviceRenamed: DiagnosticEntry(
      title: "A name is changed",
      explanation: """
        Names of services, volumes and config files are DNS labels in a spec: lower-case letters, digits and \
        `-`, and no two workloads have one. Other services find the service by its new name only. Texts that hold the old one are reported, \
        not changed.
        """,
      wrong: "services: {my_db: {image: \"postgres:16\"}}",
      right: "services: {my-db: {image: \"postgres:16\"}}"),
    .variableFilledIn: DiagnosticEntry(
      title: "A variable is filled in, or empty",
      explanation: """
        Most variables of a compose file become variables of the spec. Where a spec can't have one, the value \
        that it has now is written out. One without a value or a default is empty, as it is for compose.
        """,
      wrong: "mem_limit: ${LIMIT:-512m}",
      right: "mem_limit: 512m"),
    .serviceLeftOut: DiagnosticEntry(
      title: "A service is left out or taken in",
      explanation: """
        A test of a chart, which Helm runs by itself, is left out. \
        A service with profiles is imported if one of them is chosen by `--profile`, or if another service \
        depends on it. One with a scale of 0 runs nowhere, and is not imported.
        """,
      wrong: "services: {debug: {image: \"shop/debug:1.0\", profiles: [dev]}}",
      right: "berth import compose --profile dev compose.yaml"),
    .anonymousVolume: DiagnosticEntry(
      title: "A volume without a name gets one",
      explanation: """
        Compose hands a volume without a name over when it makes a container anew, so what is in it stays. A spec \
        says the same with a persistent volume, whose name is made of the service and the path.
        """,
      wrong: "volumes: [\"/var/lib/data\"]",
      right: "volumes: [\"data:/var/lib/data\"] # and data declared under volumes"),
    .composeFileChosen: DiagnosticEntry(
      title: "One of several compose files is read",
      explanation: """
        More than one file has a name by which compose looks for its files. It reads the first of them alone, and so \
        does an import.
        """,
      wrong: "compose.yaml and docker-compose.yml in one folder",
      right: "berth import compose docker-compose.yml"),
    .importNeedsPermission: DiagnosticEntry(
      title: "The imported workload needs what a target must allow",
      explanation: """
        What gives a workload power over its machine, such as a bind or a capability, works on a target that allows it. \
        The message has the line for berth.yaml. Nothing is lost by the import.
        """,
      wrong: """
        targets:
          prod: {provider: docker}
        """,
      right: """
        targets:
          prod: {provider: docker, allow: [bind]}
        """),
    .importNeedsSecret: DiagnosticEntry(
      title: "The imported workload needs a secret of the vault",
      explanation: """
        A spec refers to secrets and never holds them, so that an import copies no value of a Secret. The help has the \
        command that puts the value into the vault; `env:NAME` and `file:PATH` are other places for it. Nothing is lost by \
        the import.
        """,
      wrong: "secrets: [{key: db/password, type: env, as: PASSWORD}] # with nothing under db/password",
      right: "berth secret set db/password, and then berth apply"),
    .hostKept: DiagnosticEntry(
      title: "A text may name a service of another workload, and is kept",
      explanation: """
        Services of other workloads are found by addresses such as `${address.app-cache/cache.6379}`. An import writes them \
        where a text names a host beyond doubt: `redis://cache:6379`, `cache:6379`, or `cache` in a variable such as \
        REDIS_HOST. A word that could mean something else, a file that is no part of the spec, and a service without \
        a network of its own are told instead. If the service is meant, write its address.
        """,
      wrong: "env: {PRIMARY: cache} # a service of the workload app-cache",
      right: "env: {PRIMARY: \"${host.app-cache/cache}\"}"),
  ]
}
