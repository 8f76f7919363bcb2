import Values
import Wire

extension Answer {
  /// The answer as JSON.
  ///
  /// - Throws: ``KubernetesError`` if it is none. What was asked for was done all the same.
  func json() throws -> JSON {
    do throws(JSONFailure) {
      return try JSON(parsing: body)
    } catch {
      throw KubernetesError(
        "the server's answer makes no sense: at byte \(error.offset), \(error.message)",
        help: "check that a Kubernetes API server is there, and that no proxy in between answers",
        mayHaveBeenDone: true)
    }
  }
}
