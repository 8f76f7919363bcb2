extension DiagnosticCatalogue {
  /// What is wrong with variables and their values.
  static let variables: [DiagnosticCode: DiagnosticEntry] = [
    .undefinedVariable: DiagnosticEntry(
      title: "A variable is not declared",
      explanation: """
        `${var.NAME}` stands for a variable that the document declares under `variables`.
        """,
      wrong: """
        name: shop
        services: [{name: api, image: "shop/api:${var.tag}"}]
        """,
      right: """
        name: shop
        variables: [{name: tag, default: "1.4"}]
        services: [{name: api, image: "shop/api:${var.tag}"}]
        """),
    .badVariableValue: DiagnosticEntry(
      title: "A variable's value is not of its type",
      explanation: """
        The value that was given, or the default, is not what the declaration asks for. The message \
        says where the value came from.
        """,
      wrong: """
        name: shop
        replicas: ${var.count}
        variables: [{name: count, type: int, default: many}]
        services: [{name: api, command: [/bin/api]}]
        """,
      right: """
        name: shop
        replicas: ${var.count}
        variables: [{name: count, type: int, default: "3"}]
        services: [{name: api, command: [/bin/api]}]
        """),
    .missingVariable: DiagnosticEntry(
      title: "A variable has no value",
      explanation: """
        A required variable, or one that is used, has neither a value nor a default. Values come \
        from `--var`, then from `--var-file`, then from `BERTH_VAR_name`.
        """,
      wrong: """
        name: shop
        variables: [{name: tag, required: true}]
        services: [{name: api, image: "shop/api:${var.tag}"}]
        """,
      right: """
        name: shop
        variables: [{name: tag, default: "1.4"}]
        services: [{name: api, image: "shop/api:${var.tag}"}]
        """),
    .badInterpolation: DiagnosticEntry(
      title: "`${…}` is no reference that can stand there",
      explanation: """
        In texts, `${var.NAME}` is a variable and `${root}` the root folder of the service on this \
        machine. Write `$${` where a `${` is meant as it is, as in a shell command. A variable that is a \
        secret, and `${secret.KEY}`, may stand in environment variables and in the content of config \
        files only: everything else is shown and stored. Elsewhere, list it under `secrets`.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: [sh, -c, "echo ${HOME}"]}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [sh, -c, "echo $${HOME}"]}]
        """),
    .badVariableDeclaration: DiagnosticEntry(
      title: "A variable's declaration contradicts itself",
      explanation: """
        An `enum` needs `values` and only an `enum` has them; only a `string` has a `pattern`, which \
        must be a regular expression; a variable with a `default` is never missing; and a default refers to \
        `${workload.name}` only where that name is written out.
        """,
      wrong: """
        name: shop
        variables: [{name: size, type: enum, default: small}]
        services: [{name: api, command: [/bin/api, "${var.size}"]}]
        """,
      right: """
        name: shop
        variables: [{name: size, type: enum, values: [small, large], default: small}]
        services: [{name: api, command: [/bin/api, "${var.size}"]}]
        """),
    .variableCycle: DiagnosticEntry(
      title: "Defaults of variables refer to each other in a cycle",
      explanation: """
        The default of a variable may refer to other variables, and to `${workload.name}`, `${namespace}` and \
        `${target}`. Followed from one to the next, these references must come to an end.
        """,
      wrong: """
        name: shop
        variables: [{name: host, default: "db.${var.zone}"}, {name: zone, default: "${var.host}"}]
        services: [{name: api, command: [/bin/api, "${var.host}"]}]
        """,
      right: """
        name: shop
        variables: [{name: host, default: "db.${var.zone}"}, {name: zone, default: "internal"}]
        services: [{name: api, command: [/bin/api, "${var.host}"]}]
        """),
    .unknownVariableGiven: DiagnosticEntry(
      title: "A value is given to a variable that no workload declares",
      explanation: """
        `--var` names a variable that no workload of this run declares, so the value would go \
        nowhere.
        """,
      wrong: "berth plan -f shop.yaml --var tga=1.4",
      right: "berth plan -f shop.yaml --var tag=1.4"),
    .unusedVariable: DiagnosticEntry(
      title: "A variable is never used",
      explanation: """
        The variable is declared and nothing refers to it: perhaps a `${var.NAME}` was forgotten or \
        misspelt.
        """,
      wrong: """
        name: shop
        variables: [{name: tag, default: "1.4"}]
        services: [{name: api, image: "shop/api:1.3"}]
        """,
      right: """
        name: shop
        variables: [{name: tag, default: "1.4"}]
        services: [{name: api, image: "shop/api:${var.tag}"}]
        """),
    .unknownVariableInFile: DiagnosticEntry(
      title: "A file gives a value to a variable that no workload declares",
      explanation: """
        No workload of this run declares the variable. The file may serve other runs as well, so \
        this is only a warning.
        """,
      wrong: "tga: \"1.4\"",
      right: "tag: \"1.4\""),
    .fileNeedsAllowance: DiagnosticEntry(
      title: "A spec names a file that lies elsewhere",
      explanation: """
        An import writes a spec to one folder that takes a config file from another, and there is no git repository \
        around both. Such a file is read only from a folder that is allowed: `--allow-files-from DIR`.
        """,
      wrong: "berth import compose /srv/shop/compose.yaml --out specs/",
      right: "berth import compose /srv/shop/compose.yaml --out /srv/shop/specs.yaml"),
  ]
}
