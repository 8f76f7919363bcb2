import DockerAPI

/// The labels by which compose knows what is its own.
enum ComposeLabel {
  static let project = "com.docker.compose.project"
  static let service = "com.docker.compose.service"
  /// `True` of what `docker compose run` made.
  static let oneOff = "com.docker.compose.oneoff"

  /// Which one of its service a container is, from 1.
  static func number(of summary: ContainerSummary) -> Int {
    summary.labels?["com.docker.compose.container-number"].flatMap { Int($0) } ?? .max
  }
}
