extension DiagnosticCatalogue {
  /// What can go wrong before a document is understood.
  static let yaml: [DiagnosticCode: DiagnosticEntry] = [
    .invalidYAML: DiagnosticEntry(
      title: "The file is not YAML",
      explanation: """
        The text breaks a rule of YAML itself, so berth can't tell what it means. Most often \
        the indentation is off by a space, a quote or a bracket is not closed, or a text that holds \
        `: ` or starts with `@`, `*`, `&` or `%` is not in quotes. The reader's place is not always that of the \
        error: look at the line above, too.
        """,
      wrong: """
        name: shop
        services:
          - name: api
           command: [/bin/api]
        """,
      right: """
        name: shop
        services:
          - name: api
            command: [/bin/api]
        """),
    .notUTF8: DiagnosticEntry(
      title: "The file is not UTF-8",
      explanation: """
        Specs are read as UTF-8 and as nothing else, so that a file means the same on every machine. \
        Save the file as UTF-8 in your editor.
        """,
      wrong: "a file saved as Latin-1 or UTF-16",
      right: "the same file saved as UTF-8"),
    .controlCharacter: DiagnosticEntry(
      title: "A control character stands in the file",
      explanation: """
        YAML allows no control characters besides tabs and line ends. Such a character usually came \
        in by copying from a terminal or a document. If the character is meant, write it as an \
        escape in a double-quoted text.
        """,
      wrong: "an escape character pasted from a terminal",
      right: """
        name: shop
        services: [{name: api, command: [printf, "\\e[0m"]}]
        """),
    .nestedTooDeep: DiagnosticEntry(
      title: "The file is nested too deep",
      explanation: """
        Lists and mappings nest deeper than any field of a workload does. Probably many brackets are opened and \
        never closed.
        """,
      wrong: """
        labels: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
        """,
      right: """
        name: shop
        labels: {team: checkout}
        services: [{name: api, command: [/bin/api]}]
        """),
    .unknownAlias: DiagnosticEntry(
      title: "An alias names no anchor",
      explanation: """
        `*name` stands for what `&name` marked further up in the same document. There is no such \
        anchor above it, or the alias stands inside of its own anchor. A text that starts with `*` \
        needs quotes.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], env: *env}
        """,
      right: """
        name: shop
        services:
          - {name: api, command: [/bin/api], env: &env {LEVEL: info}}
          - {name: worker, role: sidecar, command: [/bin/worker], env: *env}
        """),
    .aliasesTooLarge: DiagnosticEntry(
      title: "Aliases make the file too large",
      explanation: """
        Aliases that repeat aliases can make a few lines stand for millions of nodes. What they \
        stand for together has a limit that no real spec comes near.
        """,
      wrong: """
        a: &a [x, x, x, x, x, x, x, x, x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
        e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api]}]
        """),
    .unknownTag: DiagnosticEntry(
      title: "A tag is not known",
      explanation: """
        A tag such as `!Ref` asks a YAML reader to make something special of a value. In a spec the \
        field decides what a value is, so the tag has no meaning. Only the standard tags `!!str`, \
        `!!int`, `!!bool`, `!!float`, `!!null`, `!!map` and `!!seq` are read.
        """,
      wrong: """
        name: shop
        services: [{name: api, command: !Split "/bin/api --fast"}]
        """,
      right: """
        name: shop
        services: [{name: api, command: [/bin/api, --fast]}]
        """),
    .complexKey: DiagnosticEntry(
      title: "A key is not plain text",
      explanation: """
        YAML allows a list or a mapping as a key; the language has no use for that. The commonest \
        cause is `{{ … }}` of a template engine: write `${var.NAME}` for a variable instead.
        """,
      wrong: """
        name: shop
        replicas: {{ replicas }}
        services: [{name: api, command: [/bin/api]}]
        """,
      right: """
        name: shop
        replicas: ${var.replicas}
        variables: [{name: replicas, type: int, default: "2"}]
        services: [{name: api, command: [/bin/api]}]
        """),
    .badMergeKey: DiagnosticEntry(
      title: "A merge key merges no mapping",
      explanation: """
        `<<` takes over the members of another mapping. Its value must be a mapping, an alias of \
        one, or a list of those.
        """,
      wrong: """
        name: shop
        services:
          - {name: api, command: [/bin/api], <<: defaults}
        """,
      right: """
        name: shop
        services:
          - &defaults {name: api, command: [/bin/api]}
          - {<<: *defaults, name: worker, role: sidecar}
        """),
    .unreadableFile: DiagnosticEntry(
      title: "A file can't be read",
      explanation: """
        The path that was given does not exist, may not be read, is a folder without YAML files, or \
        is a pattern that matches nothing. Relative paths are taken from the working directory. In a \
        folder, files ending in `.yaml` or `.yml` are read; hidden files, `berth.yaml` and folders \
        inside of it are not.
        """,
      wrong: "berth plan -f worklaod.yaml",
      right: "berth plan -f workload.yaml"),
    .noDocument: DiagnosticEntry(
      title: "There is no document",
      explanation: """
        The file is empty, or holds only comments and `---` lines.
        """,
      wrong: "# name: shop",
      right: """
        name: shop
        services: [{name: api, command: [/bin/api]}]
        """),
    .fileTooLarge: DiagnosticEntry(
      title: "The file is too large",
      explanation: """
        A file can have 64 MiB and ten million values. A spec never comes near that: perhaps the \
        path names another file than was meant, or a large text should be handed to the service by \
        other means than its spec.
        """,
      wrong: "berth plan -f backup.yaml",
      right: "berth plan -f workload.yaml"),
    .notRegularFile: DiagnosticEntry(
      title: "A path leads to no regular file",
      explanation: """
        A folder, a named pipe, a terminal, another device, a socket, or a file of `/proc` that has nothing to say yet \
        is named where a file is read. To read one of those may never end, so that none is opened. Standard input is \
        named `-` where it is taken; what `<(command)` of a shell stands for is read, too.
        """,
      wrong: "berth plan -f /dev/stdin",
      right: "berth plan -f -"),
    .fileOutside: DiagnosticEntry(
      title: "A file lies outside of what may be read",
      explanation: """
        What a file names must lie in the git repository around it or, where there is none, in its own folder, once \
        links are resolved; and not in a `.git` folder. The author of a spec could otherwise have any file of the \
        machine shown by a plan. The same goes for a link that is given on the command line and leads out of the \
        repository that it lies in. `--allow-files-from DIR` allows a folder besides.
        """,
      wrong: "berth plan -f shop.yaml # with `file: /srv/shared/app.conf` in it",
      right: "berth plan -f shop.yaml --allow-files-from /srv/shared"),
    .unwritableFile: DiagnosticEntry(
      title: "A file can't be written",
      explanation: """
        The file that a command was asked to write can't be made: its folder is not there or may not be written to, \
        the disk is full, or there is something at the path that is no regular file. A symbolic link is neither \
        followed nor replaced, because what it leads to is easily another file than the one that is meant. What was \
        there before is as it was.
        """,
      wrong: "berth plan -f shop.yaml --out /gone/plan.json",
      right: "berth plan -f shop.yaml --out plan.json"),
  ]
}
