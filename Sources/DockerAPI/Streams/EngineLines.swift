import Wire

extension LineSplitter {
  /// Cuts what an engine sends; a line that is too long is a ``DockerError``.
  static func ofEngine(limit: Int) -> LineSplitter {
    LineSplitter(limit: limit) { DockerError("the engine sent a line that is longer than \($0) bytes") }
  }
}
