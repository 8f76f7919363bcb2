// Everything is a ratio against a peer or a limit that is measured in the same run: the median of several rounds,
// with the least and the greatest. Absolute times are there for scale only. Nothing here passes or fails.
//
// Usage: bench [--berth PROGRAM] [--compose PROGRAM]
// Without a program of berth, what needs one is left out; so is what needs compose.
let programs = Programs(CommandLine.arguments.dropFirst())
MemorySection.run()
ReadingSection.run()
PlanningSection.run()
if let berth = programs.berth {
  StartSection.run(berth: berth, compose: programs.compose)
  LocalSection.run(berth: berth)
  ManySection.run(berth: berth)
}
