import Values

/// What an agent says of itself.
package struct AgentInfo: Sendable, Hashable {
  package let version: NomadVersion
  package let region: String
  package let datacenter: String
  package let name: String
  /// Whether it is a server.
  package let isServer: Bool
  /// Whether it runs allocations.
  package let isClient: Bool
  /// Whether it asks for tokens.
  package let hasACL: Bool

  /// Reads what `/v1/agent/self` says; `nil` if it is none.
  init?(_ json: JSON) {
    guard let config = json["config"], config.members != nil, let version = Self.version(json) else {
      return nil
    }
    self.version = version
    region = config.text("Region")
    datacenter = config.text("Datacenter")
    let member = json["member"]?.text("Name") ?? ""
    name = member.isEmpty ? config.text("NodeName") : member
    isServer = config["Server"]?.flag("Enabled") ?? false
    isClient = config["Client"]?.flag("Enabled") ?? false
    hasACL = config["ACL"]?.flag("Enabled") ?? false
  }

  /// An agent that is only a client has no member, and tells its version in its configuration.
  private static func version(_ json: JSON) -> NomadVersion? {
    let config = json["config"] ?? .null
    if let version = config["Version"], version.members != nil {
      let metadata = version.text("VersionMetadata")
      let pre = version.text("VersionPrerelease")
      return NomadVersion(
        version.text("Version") + (pre.isEmpty ? "" : "-\(pre)") + (metadata.isEmpty ? "" : "+\(metadata)"))
    }
    return json.at("member", "Tags", "build")?.string.flatMap { NomadVersion($0) }
  }
}
