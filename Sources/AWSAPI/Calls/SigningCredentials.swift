/// Where a client has the credentials from that it signs with.
package protocol SigningCredentials: Sendable {
  /// Credentials that hold for a while.
  ///
  /// - Throws: ``AWSError`` if there are none.
  func current() async throws -> AWSCredentials

  /// Finds credentials anew, for those that there are were refused as over.
  ///
  /// - Returns: whether they are others.
  func renew() async throws -> Bool
}
