import WorkloadSpec

extension ServiceImport {
  /// What the service runs: compose's entry point is a spec's command, and its command a spec's arguments.
  mutating func readCommand() {
    let entry = node["entrypoint"].map { words($0, for: "entrypoint") }
    draft.args = node["command"].map { words($0, for: "command") } ?? []
    guard let entry, let node = node["entrypoint"], !node.isNull else { return }
    // Engines take a single empty word for nothing.
    draft.command = entry.count == 1 && entry[0].isEmpty ? [] : entry
    // An entry point of nothing takes the image's away, so that the command is a program by itself.
    if draft.command.isEmpty { (draft.command, draft.args) = (draft.args, []) }
    if draft.command.isEmpty {
      differs(
        "the entry point of the image of `\(draft.composeName)` can't be taken away without a command",
        at: node.location, help: "write the program as `command`")
    }
  }

  /// A list of words, or a line that is split into some.
  private mutating func words(_ node: ComposeNode, for key: String) -> [ComposeText] {
    guard let line = node.text else {
      return node.isNull ? [] : texts(node, for: key).map(\.text)
    }
    let words = ShellWords(line)
    switch words.problem {
    case .open:
      invalid(
        "this line has a quote, a backtick or a `$(` that is never closed, or ends in a backslash",
        at: node.location, help: "write it as a list: `[program, argument]`")
    case .parenthesis:
      invalid(
        "this line has a parenthesis that is neither quoted nor part of a `$(…)`", at: node.location,
        help: "write it as a list; if a shell is meant: `[/bin/sh, -c, '…']`")
    case nil: break
    }
    if let stop = words.stop {
      differs(
        "compose starts no shell, and reads no further than the `\(stop)`; the spec says the same",
        at: node.location, help: "if a shell is meant: `[/bin/sh, -c, '…']`")
    }
    return words.words
  }

  /// The image, or the name that compose gives to one that it builds.
  mutating func readImage() {
    let isBuilt = node["build"].map { !$0.isNull } ?? false
    if let image = node["image"], let text = text(image, for: "image"),
      !(isBuilt ? text.resolved.isEmpty : text.isEmpty)
    {
      draft.image = text
    }
    guard let build = node["build"], !build.isNull else {
      if draft.image == nil, node["provider"] == nil {
        invalid(
          "`\(draft.composeName)` has neither `image` nor `build`", at: draft.location,
          help: "name the image that it runs")
      }
      return
    }
    if draft.image != nil {
      return differs(
        "`\(draft.composeName)` is built: the spec names its image, and builds nothing", at: build.location,
        help: "build it with `docker compose build` before you apply the spec, or push it")
    }
    let name = "\(DNSLabel.nearest(to: project.name) ?? "app")-\(draft.composeName.lowercased())"
    draft.image = ComposeText(name)
    differs(
      "`\(draft.composeName)` is built: the spec names the image `\(name)`, as compose would",
      at: build.location,
      help: "build it with `docker compose build`, or name the image that you push, with its tag")
  }
}
