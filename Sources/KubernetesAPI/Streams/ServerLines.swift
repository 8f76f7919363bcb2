import Wire

extension LineSplitter {
  /// Cuts what a server sends; a line that is too long is a ``KubernetesError``.
  static func ofServer(limit: Int) -> LineSplitter {
    LineSplitter(limit: limit) { KubernetesError("the server sent a line that is longer than \($0) bytes") }
  }
}
