import TestSupport

@testable import KubernetesAPI

extension Certificates {
  /// A user who shows a certificate.
  func user(_ name: String = "client") -> ClusterUser {
    ClusterUser(name: "ada", certificate: .file(path("\(name).pem")), key: .file(path("\(name).key")))
  }
}
