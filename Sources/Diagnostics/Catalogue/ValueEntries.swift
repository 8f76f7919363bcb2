extension DiagnosticCatalogue {
  /// What is wrong with a single value.
  static let values: [DiagnosticCode: DiagnosticEntry] = [
    .badName: DiagnosticEntry(
      title: "A name can't be used",
      explanation: """
        Names become parts of host names and labels on the engines, so they are DNS labels: at most \
        63 lower-case letters, digits and hyphens, with a letter or digit at both ends.
        """,
      wrong: """
        name: My_Shop
        services: [{name: api, command: [/bin/api]}]
        """,
      right: """
        name: my-shop
        services: [{name: api, command: [/bin/api]}]
        """),
    .badChoice: DiagnosticEntry(
      title: "A word is not one of those that are known",
      explanation: """
        The field takes one of a few words, written exactly like that.
        """,
      wrong: """
        name: shop
        kind: StatefulSet
        services: [{name: api, command: [/bin/api]}]
        """,
      right: """
        name: shop
        kind: stateful_set
        services: [{name: api, command: [/bin/api]}]
        """),
    .badInteger: DiagnosticEntry(
      title: "A number is not a whole number",
      explanation: """
        The field takes decimal digits, without a unit, a fraction or a leading zero. A leading zero \
        is refused because some YAML readers take `010` for eight.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], ports: [{container: 0080}]}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], ports: [{container: 80}]}]
        """),
    .outOfRange: DiagnosticEntry(
      title: "A number is out of range",
      explanation: """
        The number is smaller or larger than what the field can mean, or a list is longer than it \
        can be.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], ports: [{container: 80800}]}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], ports: [{container: 8080}]}]
        """),
    .badBoolean: DiagnosticEntry(
      title: "A truth value is neither `true` nor `false`",
      explanation: """
        YAML 1.1 also had `yes`, `no`, `on` and `off`; readers do not agree on them, so only `true` \
        and `false` are taken.
        """,
      wrong: """
        name: shop
        variables: [{name: tag, required: no, default: "1.4"}]
        services: [{name: api, image: "shop/api:${var.tag}"}]
        """,
      right: """
        name: shop
        variables: [{name: tag, required: false, default: "1.4"}]
        services: [{name: api, image: "shop/api:${var.tag}"}]
        """),
    .badQuantity: DiagnosticEntry(
      title: "An amount can't be read",
      explanation: """
        Memory and storage are numbers with a unit (`256Mi`, `1Gi`, `500M`), processor time is in \
        cores (`2`, `0.5`) or thousandths of a core (`500m`). A bare number of bytes is refused: \
        nearly always a unit was forgotten.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], resources: {memory: 256}}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], resources: {memory: 256Mi}}]
        """),
    .badDuration: DiagnosticEntry(
      title: "A length of time can't be read",
      explanation: """
        Lengths of time are numbers with a unit, `h`, `m`, `s` or `ms`, each at most once: `10s`, \
        `1m30s`, `250ms`.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], stopGrace: 30}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], stopGrace: 30s}]
        """),
    .badImage: DiagnosticEntry(
      title: "An image reference can't be read",
      explanation: """
        An image is named as `[registry[:port]/]name[:tag][@digest]`, by the grammar that registries \
        use: the name in lower case, no scheme, no spaces.
        """,
      wrong: """
        name: shop
        services: [{name: api, image: "https://registry.example.com/Shop/api:1.4"}]
        """,
      right: """
        name: shop
        services: [{name: api, image: "registry.example.com/shop/api:1.4"}]
        """),
    .badPath: DiagnosticEntry(
      title: "A path can't be used",
      explanation: """
        Paths inside of a service are absolute, name something below the root folder, and never \
        contain `..`. A request path starts with `/` and holds no spaces.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], volumes: [{name: data, mountPath: data}]}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], volumes: [{name: data, mountPath: /data}]}]
        """),
    .badEnvironmentName: DiagnosticEntry(
      title: "A name of a variable can't be used",
      explanation: """
        Names of environment variables and of variables consist of letters, digits and `_` (and `.` \
        and `-`, which some programs use), and start with a letter or `_`.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], env: {2FA: "on"}}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], env: {TWO_FACTOR: "on"}}]
        """),
    .emptyValue: DiagnosticEntry(
      title: "A value is empty",
      explanation: """
        The field needs something in it: a command needs a program, a secret needs a key and a name.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: []}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api]}]
        """),
    .badLabel: DiagnosticEntry(
      title: "A label can't be used",
      explanation: """
        Keys of labels and annotations are at most 253 visible ASCII characters, so that every \
        engine can carry them.
        """,
      wrong: """
        name: shop
        labels: {my team: checkout}
        services: [{name: api, command: [/bin/api]}]
        """,
      right: """
        name: shop
        labels: {my-team: checkout}
        services: [{name: api, command: [/bin/api]}]
        """),
    .reservedLabel: DiagnosticEntry(
      title: "A label is reserved",
      explanation: """
        Labels that start with `berth.` are those by which berth finds what it created.
        """,
      wrong: """
        name: shop
        labels: {berth.team: checkout}
        services: [{name: api, command: [/bin/api]}]
        """,
      right: """
        name: shop
        labels: {team: checkout}
        services: [{name: api, command: [/bin/api]}]
        """),
    .badCharacter: DiagnosticEntry(
      title: "A text holds a null character",
      explanation: """
        The operating system ends texts at a null character, so a process could never see the rest.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api, "a\\0b"]}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api, "a", "b"]}]
        """),
    .badSecretKey: DiagnosticEntry(
      title: "This is not a reference to a secret",
      explanation: """
        A spec holds references to secrets and never their values: `env:NAME` for an environment variable of \
        berth itself, `file:PATH` for a file, or a key of the vault, which is made of letters, digits, `.`, \
        `_`, `/` and `-`. If what stands there is a value, it is in the file's history now: take it out, and \
        change it where it is used.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], secrets: [{key: "hunter 2!", as: TOKEN}]}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], secrets: [{key: shop/token, as: TOKEN}]}]
        """),
  ]
}
