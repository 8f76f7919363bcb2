import ArgumentParser

/// `berth completion`: prints the script by which a shell completes berth's command lines.
struct CompletionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion",
    abstract: "Print the script by which bash, zsh or fish completes commands, options and names.",
    discussion: """
      Examples:
        berth completion bash > berth.bash
        berth completion zsh > _berth
        berth completion fish > berth.fish

      bash reads it by `source berth.bash` in ~/.bashrc; zsh finds it in a folder of $fpath; fish in \
      ~/.config/fish/completions. `make install` puts all three where shells look for them.

      Names of targets, namespaces, workloads, services, instances and releases are looked up when the key is pressed, on the \
      target that -t names on that line. That changes nothing, and an engine that does not answer within five seconds has none.
      """)

  @Argument(help: "The shell: bash, zsh, fish.")
  var shell: Shell

  func run() async throws {
    try await reporting { console in
      let completed: CompletionShell =
        switch shell {
        case .bash: .bash
        case .zsh: .zsh
        case .fish: .fish
        }
      console.write(exactly: Berth.completionScript(for: completed) + "\n")
    }
  }
}

/// A shell that completes command lines.
enum Shell: String, ExpressibleByArgument, CaseIterable {
  case bash, zsh, fish
}
