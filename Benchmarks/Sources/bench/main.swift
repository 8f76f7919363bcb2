// Everything is a ratio against a peer or a limit that is measured in the same run: the median of several rounds,
// with the least and the greatest. Absolute times are there for scale only. Nothing here passes or fails.
//
// Usage: bench [--berth PROGRAM] [--compose PROGRAM] [--engine unix://SOCKET] [--kubectl PROGRAM --kubeconfig FILE]
//              [--nomad PROGRAM --nomad-address URL [--nomad-store STORE]] [SECTION ...]
// Without a program of berth, what needs one is left out; so is what needs compose, an engine or a cluster. Without
// sections, all are measured.
let programs = Programs(CommandLine.arguments.dropFirst())
if programs.wants("memory") { MemorySection.run() }
if programs.wants("reading") { ReadingSection.run() }
if programs.wants("config") { ConfigSection.run() }
if programs.wants("planning") { PlanningSection.run() }
if let berth = programs.berth {
  if programs.wants("start") { StartSection.run(berth: berth, compose: programs.compose) }
  if programs.wants("local") { LocalSection.run(berth: berth) }
  if programs.wants("many") { ManySection.run(berth: berth) }
  if let engine = programs.engine, programs.wants("docker") {
    DockerSection.run(berth: berth, compose: programs.compose, engine: engine)
  }
  if let engine = programs.engine, programs.wants("clusters") {
    ClusterSection.run(berth: berth, engine: engine)
  }
  if let kubectl = programs.kubectl, let kubeconfig = programs.kubeconfig, programs.wants("kubernetes") {
    KubernetesSection.run(berth: berth, kubectl: kubectl, kubeconfig: kubeconfig)
  }
  if programs.wants("nomad") {
    if let nomad = programs.nomad, let address = programs.nomadAddress {
      NomadSection.run(berth: berth, nomad: nomad, address: address, store: programs.nomadStore)
    } else {
      print(
        "Nomad: left out, for want of --nomad and --nomad-address: the program, and an agent of its version")
    }
  }
}
