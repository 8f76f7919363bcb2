extension DiagnosticCatalogue {
  /// What does not fit into the shape of a workload.
  static let structure: [DiagnosticCode: DiagnosticEntry] = [
    .wrongType: DiagnosticEntry(
      title: "A value is of the wrong kind",
      explanation: """
        A field takes a text, a list or a mapping, and something of another kind is given. The \
        message names what the field takes.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: /bin/api --fast}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api, --fast]}]
        """),
    .unknownKey: DiagnosticEntry(
      title: "A key is not known",
      explanation: """
        The language has no such field at this place. It is refused and not ignored, because a \
        misspelt key would otherwise change nothing without a word. The nearest known key is offered \
        where one is near.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], enviroment: {LEVEL: info}}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], env: {LEVEL: info}}]
        """),
    .duplicateKey: DiagnosticEntry(
      title: "A key stands twice",
      explanation: """
        One mapping has the same key twice. YAML readers differ in which one they take, so neither \
        is.
        """,
      wrong: """
        name: shop
        replicas: 1
        services: [{name: api, command: [/bin/api]}]
        replicas: 3
        """,
      right: """
        name: shop
        replicas: 3
        services: [{name: api, command: [/bin/api]}]
        """),
    .missingKey: DiagnosticEntry(
      title: "A field is missing",
      explanation: """
        The field must be given; there is no default that would be right.
        """,
      wrong: "services: [{name: api, command: [/bin/api]}]",
      right: """
        name: shop
        services: [{name: api, command: [/bin/api]}]
        """),
    .duplicateElement: DiagnosticEntry(
      title: "An element is listed twice",
      explanation: """
        Two elements of a list can't be told apart: two ports of one number and protocol, two \
        volumes of one name, a service that is depended on twice.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [/bin/api], ports: [{container: 80}, {container: 80, host: 8080}]}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api], ports: [{container: 80, host: 8080}]}]
        """),
    .reservedKey: DiagnosticEntry(
      title: "A key is reserved",
      explanation: """
        The key is kept for a later version, or is known from another tool and works otherwise here. \
        The help says how.
        """,
      wrong: """
        name: shop
        namespace: prod
        services: [{name: api, command: [/bin/api]}]
        """,
      right: """
        name: shop # applied by: berth apply -n prod
        services: [{name: api, command: [/bin/api]}]
        """),
    .nullElement: DiagnosticEntry(
      title: "An element is empty",
      explanation: """
        An element of a list or a mapping of texts has nothing behind it. Nothing is not the empty \
        text: write `""` for that. (In a later layer, `null` takes a key away; here there is no key \
        that it could take away.)
        """,
      wrong: """
        name: shop
        services:
          - name: api
            command: [/bin/api]
            env:
              LEVEL:
        """,
      right: """
        name: shop
        services:
          - name: api
            command: [/bin/api]
            env:
              LEVEL: ""
        """),
    .patchOfNothing: DiagnosticEntry(
      title: "An element is to be changed that no earlier file has",
      explanation: """
        `$patch: delete` takes away an element of a list that an earlier `-f` has, and `$patch: replace` swaps \
        it. No earlier file has this element: its name is misspelt, it has gone from the earlier file, or the \
        files are given in another order than was meant. It is an error, because what was to go would otherwise stay \
        without a word.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api]}
          - {name: debug, $patch: delete}
        """,
      right: """
        name: shop # in a later file: services: [{name: debug, $patch: delete}]
        services:
          - {name: api, command: [/bin/api]}
          - {name: debug, role: sidecar, command: [/bin/debug]}
        """),
  ]
}
