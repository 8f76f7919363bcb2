import Testing

/// The same story on every engine.
@Suite(.serialized) struct EndToEndTests {
  @Test("On local processes") func onLocalProcesses() async throws {
    try await EndToEndScenario(stage: LocalStage()).play()
  }

  @Test("On a Docker engine", DockerStage.isThere) func onADockerEngine() async throws {
    try await DockerStage().use { try await EndToEndScenario(stage: $0).play() }
  }

  @Test("On a Kubernetes cluster", KubernetesStage.runsPods) func onAKubernetesCluster() async throws {
    try await KubernetesStage().use { try await EndToEndScenario(stage: $0).play() }
  }

  /// In memory, with processes of this machine for tasks.
  @Test("On a Nomad cluster") func onANomadCluster() async throws {
    try await NomadStage().use { try await EndToEndScenario(stage: $0).play() }
  }
}
