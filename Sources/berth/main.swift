import ArgumentParser
import LocalProvider

if CommandLine.arguments.dropFirst().first == Supervisor.command {
  Supervisor.main(arguments: Array(CommandLine.arguments.dropFirst(2)))
}
