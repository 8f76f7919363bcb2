/// What objects are asked of.
package protocol ObjectServer: Sendable {
  /// Calls that read and write objects of a type.
  func objects(_ type: ResourceType) -> ObjectCalls
}
