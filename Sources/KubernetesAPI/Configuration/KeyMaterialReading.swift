import UserFiles

extension KeyMaterial {
  /// The size of the largest file: 4 MiB, which is many authorities.
  private static let maximumSize = 4 << 20

  /// The bytes.
  ///
  /// - Throws: ``KubernetesError`` that names the file that can't be read.
  package func bytes() throws -> [UInt8] {
    switch self {
    case .data(let bytes, _): return bytes
    case .file(let path, let boundary):
      do {
        return try UserFile.bytes(of: path, atMost: Self.maximumSize, within: boundary)
      } catch {
        throw KubernetesError(error.message, help: "the kubeconfig names this file: \(error.help)")
      }
    }
  }

  /// Where it is written, for messages.
  var place: String {
    switch self {
    case .data(_, let place): place
    case .file(let path, _): path
    }
  }
}
