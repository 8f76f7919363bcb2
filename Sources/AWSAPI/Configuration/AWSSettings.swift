import UserFiles

/// What the environment and the files of AWS's tools say: `~/.aws/config` and `~/.aws/credentials`, or those that
/// `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name.
package struct AWSSettings: Sendable {
  /// The variables of the program.
  package let environment: [String: String]
  let config: SharedFile
  let credentials: SharedFile

  /// Reads them.
  ///
  /// - Throws: ``AWSError`` if a file is there and can't be read.
  package init(environment: [String: String]) throws(AWSError) {
    self.environment = environment
    let home = environment["HOME"] ?? ""
    func path(_ variable: String, _ name: String) -> String {
      let named = environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.aws/\(name)"
      return named.hasPrefix("~/") ? home + named.dropFirst() : named
    }
    config = try SharedFile(at: path("AWS_CONFIG_FILE", "config"))
    credentials = try SharedFile(at: path("AWS_SHARED_CREDENTIALS_FILE", "credentials"))
  }

  /// A variable that says something.
  func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The profile that is meant where none is named.
  package var usualProfile: String { variable("AWS_PROFILE") ?? variable("AWS_DEFAULT_PROFILE") ?? "default" }

  /// What a profile says; `nil` if there is none such. The file of credentials counts before the other one.
  func profile(_ name: String) -> [String: String]? {
    let stated =
      config.sections[name == "default" ? "default" : "profile \(name)"] ?? config.sections["profile \(name)"]
    let secret = credentials.sections[name]
    if stated == nil, secret == nil { return nil }
    return (stated ?? [:]).merging(secret ?? [:]) { $1 }
  }

  /// What a session of single sign-on says, that profiles share.
  func session(_ name: String) -> [String: String]? { config.sections["sso-session \(name)"] }

  /// The names of all profiles, in order.
  var profiles: [String] {
    let stated = config.sections.keys.compactMap { name in
      name == "default" ? name : name.hasPrefix("profile ") ? String(name.dropFirst(8)) : nil
    }
    return Set(stated + credentials.sections.keys).sorted()
  }

  /// The region that is meant where none is named: by `AWS_REGION`, `AWS_DEFAULT_REGION`, or the profile.
  package func region(of profile: String?) -> String? {
    variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION")
      ?? self.profile(profile ?? usualProfile)?["region"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Where a service is asked, if it is not AWS itself: `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`.
  package func endpoint(of service: String) -> String? {
    if variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.lowercased() == "true" { return nil }
    return variable("AWS_ENDPOINT_URL_\(service.uppercased())") ?? variable("AWS_ENDPOINT_URL")
  }
}
