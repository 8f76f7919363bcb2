import UserFiles
import Wire

extension KeyMaterial {
  /// The bytes.
  ///
  /// - Throws: ``KubernetesError`` that names the file that can't be read.
  package func bytes() throws -> [UInt8] {
    do {
      return try read()
    } catch {
      throw KubernetesError(error.message, help: "the kubeconfig names this file: \(error.help)")
    }
  }
}
