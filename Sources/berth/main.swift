import LocalProvider

StandardOutput.reserve()
// A supervisor is this same binary in another role. It must not even parse options: it is one thread that
// stays for months, and what it does not load it does not keep.
if CommandLine.arguments.dropFirst().first == Supervisor.command {
  Supervisor.main(arguments: Array(CommandLine.arguments.dropFirst(2)))
}
await Berth.start()
