import WorkloadSpec

/// What the clients of a cluster run services with.
public enum NomadDriver: String, SpecChoice {
  /// Containers of a Docker engine.
  case docker
  /// Containers of Podman.
  case podman
  /// Processes in a folder of their own, kept apart by the kernel.
  case exec
  /// Processes as the client itself runs.
  case rawExec = "raw_exec"

  /// Whether it runs images.
  var runsImages: Bool { self == .docker || self == .podman }
}

/// What keeps the names under which services are found.
public enum NomadRegistry: String, SpecChoice {
  /// Nomad itself.
  case nomad
  /// Consul, which the clients of the cluster talk to.
  case consul
  /// Nothing: services are found by their instances' addresses alone.
  case none
}
